"""The one layout of a rule file: the same statements and comments, in a form that never varies.

A statement is laid out from its tokens, so nothing that an author wrote is lost or reworded.
Comments keep their order: one at the end of a line stays there, one on a line of its own
keeps its line. Blank lines between statements are the author's, at most one at a time; a
clause and a declaration always have one above them. Compare gofmt, which works the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from lark import Token

from kb.errors import Fault, InputError
from kb.language.model import RuleFile
from kb.language.parser import parse_rules, tokens_of
from kb.language.statements import split

WIDTH = 120  # columns that the conditions of a rule may fill
BODY = " " * 4
ENGLISH = " " * 2
GAP = " " * 2  # before a comment at the end of a line

_COMMENTS = re.compile(r'"[^"\n]*"|(%[^\n]*)')
_NO_SPACE_BEFORE = ("(", ")", ",", ":", ".")


@dataclass(frozen=True, slots=True)
class Item:
    """A statement or a comment between statements: its lines, and whether a blank line stood above it."""

    kind: str
    lines: tuple[str, ...]
    blank_above: bool


@dataclass(slots=True)
class Part:
    """A piece of a statement that stays in one line, with the comments above it and at its end."""

    text: str
    start: int
    end: int
    above: list[str] = field(default_factory=list)
    trailing: list[str] = field(default_factory=list)


def laid_out(text: str, name: str) -> str:
    """The text of a rule file in its one layout. Errors: `InputError`, as the parser gives them."""
    text = text.removeprefix("\ufeff")
    before = parse_rules(text, name)
    lines = list(_arranged(list(_items(text))))
    after = "\n".join(lines) + "\n" if lines else ""
    try:
        same = _said(before) == _said(parse_rules(after, name)) and comments(text) == comments(after)
    except InputError:  # a statement that just kept within its limit no longer does
        same = False
    if not same:
        raise InputError([Fault(name, "can't be laid out as it is", "split its longest statements")])
    return after


def comments(text: str) -> list[str]:
    """The comments of a rule file, in order, without the space at their ends."""
    return [match.group(1).rstrip() for match in _COMMENTS.finditer(text) if match.group(1)]


def _said(file: RuleFile) -> list[object]:
    """What a file says, wherever in it that stands."""
    rules = [(str(rule), [str(literal) for literal in rule.body], rule.clauses) for rule in file.rules]
    predicates = [(p.name, p.parameters, p.sorts, p.says, p.says_not) for p in file.predicates]
    return [rules, predicates, [(mark.clauses, mark.exception_to) for mark in file.marks]]


# Between statements -----------------------------------------------------------------------


def _items(text: str) -> Iterator[Item]:
    """Statements and the comments between them, in order. A comment behind a statement joins its last line."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    at = 0
    above: Item | None = None
    for statement in split(text):
        start = starts[statement.line - 1] + statement.column - 1
        yield from _between(text[at:start], above)
        kind, lines = _laid_out(statement.text)
        above = Item(kind, lines, _blank(text[at:start].split("\n")[:-1]))
        at = start + len(statement.text)
    yield from _between(text[at:], above)


def _between(gap: str, above: Item | None) -> Iterator[Item]:
    """A statement with the comment behind it, and the comments in the gap below it."""
    rows = gap.split("\n")
    if above is not None:
        behind = rows[0].strip()
        full = any(match.group(1) for match in _COMMENTS.finditer(above.lines[-1]))  # has a comment at its end already
        last = () if not behind else (behind,) if full else (above.lines[-1] + GAP + behind,)
        yield replace(above, lines=(*(above.lines[:-1] if last and not full else above.lines), *last))
        rows[0] = ""
    for number, row in enumerate(rows):
        if row.strip():
            yield Item("comment", (row.strip(),), _blank(rows[:number]))


def _blank(rows: Sequence[str]) -> bool:
    """Whether the rows above end in a blank one; the first is the end of a line, not a row."""
    return len(rows) > 1 and not rows[-1].strip()


def _arranged(items: Sequence[Item]) -> Iterator[str]:
    """The lines of a file: each item, with a blank line above it where there was one or has to be one."""
    above = ""  # the kind of the statement above
    for number, item in enumerate(items):
        if number and (item.blank_above or _has_to_be_parted(items, number, above)):
            yield ""
        yield from item.lines
        above = above if item.kind == "comment" else item.kind


def _has_to_be_parted(items: Sequence[Item], number: int, above: str) -> bool:
    """Whether a blank line belongs above an item: above a clause or a declaration, and above what heads it."""
    if items[number - 1].kind == "comment":
        return False  # that comment heads this item
    while items[number].kind == "comment" and number + 1 < len(items) and not items[number + 1].blank_above:
        number += 1
    return items[number].kind in ("clause", "declaration") or (above, items[number].kind) == ("declaration", "rule")


# Statements -------------------------------------------------------------------------------


def _laid_out(text: str) -> tuple[str, tuple[str, ...]]:
    """Kind and lines of one statement."""
    tokens = tokens_of(text)
    kind = {"@clause": "clause", "predicate": "declaration"}.get(str(tokens[0]), "rule")
    groups = list(_grouped(tokens[:-1], kind))
    parts = [Part(_joined(group), _start(group[0]), _end(group[-1])) for group in groups]
    after = _attach(text, parts)
    lines = list(_rule_lines(parts) if kind == "rule" else _stacked(parts))
    for number, (comment, own_line) in enumerate(after):
        if number == 0 and not own_line:
            lines[-1] += GAP + comment
        else:
            lines.append(comment)
    return kind, tuple(lines)


def _grouped(tokens: Sequence[Token], kind: str) -> Iterator[list[Token]]:
    """The tokens of each part: head and conditions of a rule, signature and sentences of a declaration."""
    group: list[Token] = []
    depth = 0
    for token in tokens:
        depth += (token == "(") - (token == ")")
        if kind == "rule" and depth == 0 and token in (",", ":-"):
            yield group
            group = []
            continue
        starts_sentence = token.type == "STRING" and group[-1:] != ["not"]
        if kind == "declaration" and group and (starts_sentence or (depth == 0 and token == "not")):
            yield group
            group = []
        group.append(token)
    yield group


def _joined(tokens: Sequence[Token]) -> str:
    """Tokens as text, with the spaces between them that belong there."""
    text = ""
    for before, token in zip([None, *tokens], tokens):
        tight = before is None or before == "(" or token in _NO_SPACE_BEFORE
        text += ("" if tight else " ") + (str(token) if token.type == "STRING" else " ".join(token.split()))
    return text


def _attach(text: str, parts: list[Part]) -> list[tuple[str, bool]]:
    """Puts the comments of a statement where they belong; gives those behind its last part, and if on their own line."""
    after: list[tuple[str, bool]] = []
    for match in _COMMENTS.finditer(text):
        if not match.group(1):
            continue
        comment, place = match.group(1).rstrip(), match.start(1)
        own_line = not text[text.rfind("\n", 0, place) + 1 : place].strip() and "\n" in text[:place]
        index = next((n for n, part in enumerate(parts) if part.end > place), len(parts))
        if index == len(parts):
            after.append((comment, own_line))
        elif parts[index].start < place:
            parts[index].trailing.append(comment)
        elif own_line or parts[index - 1].trailing or parts[index].above:
            parts[index].above.append(comment)
        else:
            parts[index - 1].trailing.append(comment)
    for part, below in pairwise(parts):
        below.above[:0] = part.trailing[1:]
        del part.trailing[1:]
    if parts[-1].trailing:
        after[:0] = [(comment, number > 0) for number, comment in enumerate(parts[-1].trailing)]
        parts[-1].trailing.clear()
    return after


def _rule_lines(parts: Sequence[Part]) -> Iterator[str]:
    """A rule on one line if it fits; else its head, and below it as many conditions a line as fit."""
    head, body = parts[0], parts[1:]
    one = f"{head.text} :- {', '.join(part.text for part in body)}." if body else f"{head.text}."
    fits = len(one) <= WIDTH and not any(part.above or part.trailing for part in parts)
    if fits or not body:
        yield one
        return
    yield f"{head.text} :-" + "".join(GAP + comment for comment in head.trailing)
    line = ""
    for part in body:
        piece = part.text + ("." if part is body[-1] else ",")
        if line and (part.above or len(line) + 1 + len(piece) > WIDTH):
            yield line
            line = ""
        yield from (BODY + comment for comment in part.above)
        line = f"{line} {piece}" if line else BODY + piece
        if part.trailing:
            yield line + GAP + part.trailing[0]
            line = ""
    if line:
        yield line


def _stacked(parts: Sequence[Part]) -> Iterator[str]:
    """A clause or a declaration: each sentence on a line of its own."""
    for part in parts:
        indent = "" if part is parts[0] else ENGLISH
        yield from (indent + comment for comment in part.above)
        yield indent + part.text + ("." if part is parts[-1] else "") + "".join(GAP + c for c in part.trailing)


def _start(token: Token) -> int:
    assert token.start_pos is not None
    return token.start_pos


def _end(token: Token) -> int:
    assert token.end_pos is not None
    return token.end_pos
