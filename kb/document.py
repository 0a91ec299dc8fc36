"""Reading a JSON or YAML file as plain data, without trusting it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kb.errors import Fault, InputError

MAX_CASE_BYTES = 1_000_000


def read_document(path: Path) -> Any:
    """The content of a JSON or YAML file. Errors: `InputError`."""
    return _content(read_text(path, path.name), path.name)


def parse_document(raw: bytes, name: str) -> Any:
    """The same for a file that is at hand as bytes. Errors: `InputError`."""
    return _content(_text(raw, name), name)


def read_text(path: Path, name: str) -> str:
    """The text of a JSON or YAML file that is not too large. Errors: `InputError`."""
    try:
        if path.is_dir():
            raise InputError([Fault(name, "is a folder, not a case file")])
        _check_size(path.stat().st_size, name)
        return _text(path.read_bytes(), name)
    except FileNotFoundError:
        raise InputError([Fault(name, "there is no such file", "check the path")]) from None
    except PermissionError:
        raise InputError([Fault(name, "can't be read: permission denied")]) from None


def _text(raw: bytes, name: str) -> str:
    _check_size(len(raw), name)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([Fault(name, f"is not text: byte {error.start + 1} is not UTF-8", "a case is JSON or YAML")]) from None
    if not text.strip():
        raise InputError([Fault(name, "is empty", "a case is JSON or YAML")])
    return text


def _check_size(size: int, name: str) -> None:
    if size > MAX_CASE_BYTES:
        raise InputError([Fault(name, f"is {size:,} bytes; a case has at most {MAX_CASE_BYTES:,}", "is it the right file?")])


def _content(text: str, name: str) -> Any:
    if name.lower().endswith((".yaml", ".yml")):
        return load_yaml(text, name, yaml_loader())
    return _json(text, name)


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=no_repeats)
    except json.JSONDecodeError as error:
        raise InputError([Fault(f"{name}:{error.lineno}:{error.colno}", f"is not JSON: {error.msg.lower()}")]) from None
    except Repeated as error:
        raise InputError([Fault(name, f"`{error}` is given twice", "keep one of them")]) from None
    except RecursionError:
        raise InputError([Fault(name, "is not usable JSON: nested too deeply")]) from None
    except ValueError:
        raise InputError([Fault(name, "is not usable JSON: a number has too many digits")]) from None


class Repeated(ValueError):
    """A key of a JSON object that is given twice."""


def no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; a key given twice is an error (`Repeated`)."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Repeated(key)
        found[key] = value
    return found


def load_yaml(text: str, name: str, loader: Any) -> Any:
    """What a loader makes of a YAML text. Errors: `InputError`, with the place."""
    import yaml

    try:
        return yaml.load(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise InputError([Fault(where, f"is not YAML: {error.problem or error}")]) from None
    except RecursionError:
        raise InputError([Fault(name, "is not YAML: nested too deeply")]) from None
    except yaml.YAMLError as error:
        raise InputError([Fault(name, f"is not YAML: {str(error).splitlines()[0]}")]) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InputError([Fault(name, "is not usable YAML: a value is not what its tag says")]) from None


def _place(loader: Any) -> Any:
    """Where the loader stands."""
    return loader.peek_event().start_mark


def yaml_loader() -> Any:
    """A safe loader that leaves dates as text, takes no aliases, no tags and no repeated keys."""
    import yaml

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise yaml.MarkedYAMLError(problem="aliases are not used in cases", problem_mark=_place(self))
            event = self.peek_event()  # type: ignore[no-untyped-call]
            if getattr(event, "tag", None) is not None:
                raise yaml.MarkedYAMLError(problem="tags are not used in cases", problem_mark=event.start_mark)
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            keys: set[Any] = set()
            for key, _ in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise yaml.MarkedYAMLError(problem="a key must be a name", problem_mark=key.start_mark)
                if key.value in keys:
                    raise yaml.MarkedYAMLError(problem=f"`{key.value}` is given twice", problem_mark=key.start_mark)
                keys.add(key.value)
            return super().construct_mapping(node, deep)

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Loader
