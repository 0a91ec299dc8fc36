"""Reads untrusted JSON and YAML files as plain data.

Size, nesting, digits and the number of values are limited before the text is parsed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from kb.errors import Fault, InputError, shown
from kb.files import SAVE_AS_UTF_8, read_bytes, text_of, too_large
from kb.nesting import MAX_DEPTH, MAX_DIGITS, check_json

MAX_CASE_BYTES = 1_000_000
MAX_YAML_VALUES = 20_000
IS_CASE = "a case is JSON or YAML"
#: What PyYAML says of slips that are met often, with our words for it (empty: those) and what to do.
_YAML_SLIPS = {
    r"expected <block end>": ("this line starts in another column", "put what belongs together into one column, with spaces"),
    r"found character '\\t'": ("a tab stands where spaces belong", "write spaces"),
    r"mapping values are not allowed here": ("a second colon in one line", "put a text with a colon into quotation marks"),
    r"could not find expected ':'": ("a name without a colon", "write `name: value`"),
    r"aliases are not used": ("", "write the values out again"),
    r"`.*` is given twice": ("", "keep one of them"),
    r"found unexpected end of stream": ("a quotation mark is not closed", "close it"),
}
NOT_THE_FILE = "is it the right file?"


def read_document(path: Path) -> Any:
    """The content of a JSON (`.json`) or YAML file. Errors: `InputError`."""
    return _content(read_text(path, path.name), path.name)


def parse_document(raw: bytes, name: str) -> Any:
    """The content of a JSON or YAML file given as bytes; `name` ends in `.json` for JSON. Errors: `InputError`."""
    if len(raw) > MAX_CASE_BYTES:
        raise InputError([too_large(name, f"is {len(raw):,} bytes", MAX_CASE_BYTES, NOT_THE_FILE)])
    return _content(_text(raw, name), name)


def read_text(path: Path, name: str, wanted: str = IS_CASE) -> str:
    """The text of a JSON or YAML file that is not too large. `wanted`: what belongs into it. Errors: `InputError`."""
    return _text(read_bytes(path, MAX_CASE_BYTES, name), name, wanted)


def _text(raw: bytes, name: str, wanted: str = IS_CASE) -> str:
    text = text_of(raw, name, IS_CASE if wanted == IS_CASE else SAVE_AS_UTF_8)
    if not text.strip():
        raise InputError([Fault(name, "is empty", wanted)])
    return text


def _content(text: str, name: str) -> Any:
    if name.lower().endswith((".yaml", ".yml")):
        return load_yaml(text, name, yaml_loader())
    return parse_json(text, name)


def parse_json(text: str, name: str) -> Any:
    """The value of a JSON text. Repeated keys are refused. Errors: `InputError`."""
    check_json(text, name)
    try:
        return json.loads(text, object_pairs_hook=no_repeats)
    except json.JSONDecodeError as error:
        raise InputError([Fault(f"{name}:{error.lineno}:{error.colno}", f"is not JSON: {error.msg.lower()}")]) from None
    except Repeated as error:
        raise InputError([Fault(name, f"`{shown(str(error))}` is given twice", "keep one of them")]) from None


class Repeated(ValueError):
    """A key appears twice in a JSON object."""


def no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An `object_pairs_hook` that refuses repeated keys. Errors: `Repeated`."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Repeated(key)
        found[key] = value
    return found


def load_yaml(text: str, name: str, loader: Any) -> Any:
    """The value that a PyYAML loader class gives for a text. Errors: `InputError` with line and column."""
    import yaml

    try:
        return yaml.load(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        said = str(error.problem or error)
        plain, hint = next((found for pattern, found in _YAML_SLIPS.items() if re.match(pattern, said)), (said, ""))
        raise InputError([Fault(where, f"is not YAML: {plain or said}", hint)]) from None
    except RecursionError:
        raise InputError([Fault(name, "is not YAML: nested too deeply")]) from None
    except yaml.YAMLError as error:
        raise InputError([Fault(name, f"is not YAML: {str(error).splitlines()[0]}")]) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InputError([Fault(name, "is not usable YAML: a value is not what its tag says")]) from None


def _place(loader: Any) -> Any:
    """The loader's current position."""
    return loader.peek_event().start_mark


def yaml_loader() -> Any:
    """A safe PyYAML loader class that keeps dates as text and refuses aliases, tags and repeated keys."""
    import yaml

    class Loader(yaml.SafeLoader):
        depth = 0
        values = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise yaml.MarkedYAMLError(problem="aliases are not used", problem_mark=_place(self))
            event = self.peek_event()  # type: ignore[no-untyped-call]
            if getattr(event, "tag", None) is not None:
                raise yaml.MarkedYAMLError(problem="tags are not used", problem_mark=event.start_mark)
            self.depth += 1
            self.values += 1
            if self.depth > MAX_DEPTH:
                problem = f"values are nested more than {MAX_DEPTH} deep"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
            if self.values > MAX_YAML_VALUES:
                problem = f"it has more than {MAX_YAML_VALUES:,} values"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

        def construct_yaml_int(self, node: Any) -> int:
            number = node.value.lstrip("+-")
            if len(number) > MAX_DIGITS:
                raise yaml.MarkedYAMLError(problem=f"a number of {len(number):,} digits", problem_mark=node.start_mark)
            found: int = super().construct_yaml_int(node)
            if str(abs(found)) != number:  # as with 0012, 0x1F and 10:30
                problem = f"`{shown(node.value)}` would be read as the number {found}; put it in quotation marks"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
            return found

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            keys: set[Any] = set()
            for key, _ in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise yaml.MarkedYAMLError(problem="a key must be a name", problem_mark=key.start_mark)
                if key.value in keys:
                    raise yaml.MarkedYAMLError(problem=f"`{key.value}` is given twice", problem_mark=key.start_mark)
                keys.add(key.value)
            return super().construct_mapping(node, deep)

    Loader.add_constructor("tag:yaml.org,2002:int", Loader.construct_yaml_int)
    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Loader
