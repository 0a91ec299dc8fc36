"""A YAML loader that keeps the line and column of every value, for messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kb.characters import unsafe_characters
from kb.errors import Fault, InputError
from kb.json_yaml import load_yaml, read_text, yaml_loader


@dataclass(frozen=True)
class Located:
    """A YAML value with its place, `file:line:column`.

    value  a scalar, a list of `Located`, or a dict of `Located`
    named  place of the key of this value; empty if it has none
    """

    value: Any
    file: str
    line: int
    column: int
    named: str = ""

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def plain(self) -> Any:
        """The plain value, without places."""
        if isinstance(self.value, dict):
            return {name: part.plain for name, part in self.value.items()}
        if isinstance(self.value, list):
            return [part.plain for part in self.value]
        return self.value

    def fault(self, message: str, hint: str = "") -> Fault:
        """A fault at this value."""
        return Fault(self.where, message, hint)

    def misnamed(self, message: str, hint: str = "") -> Fault:
        """A fault at the key of this value."""
        return Fault(self.named or self.where, message, hint)


def read_located(path: Path, name: str, wanted: str) -> Located:
    """The content of a YAML file with places; characters that policy files refuse are refused here too.

    name    the file name in faults
    wanted  what to write into the file, for one that is empty

    Errors: `InputError`, as `kb.json_yaml`.
    """

    class Loader(yaml_loader()):  # type: ignore[misc]
        def construct_document(self, node: Any) -> Any:
            super().construct_document(node)  # for the checks of `yaml_loader`
            return _located(node, self.construct_object, name)

    text = read_text(path, name, wanted)
    if unsafe := unsafe_characters(text, name):
        raise InputError(unsafe)
    found: Located = load_yaml(text, name, Loader)
    return found


def _located(node: Any, construct: Callable[[Any], Any], name: str) -> Located:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if node.id == "mapping":  # keys stay text: YAML would read `on` as true
        parts = {
            key.value: replace(
                _located(part, construct, name), named=f"{name}:{key.start_mark.line + 1}:{key.start_mark.column + 1}"
            )
            for key, part in node.value
        }
        return Located(parts, name, line, column)
    if node.id == "sequence":
        return Located([_located(part, construct, name) for part in node.value], name, line, column)
    return Located(construct(node), name, line, column)
