"""Rule files to the rule model.

A rule file is data: it is parsed by `grammar.lark` and can name only codes, facts and
predicates. It can't run code, read a file or grow without bound: a file may have at most
1,000,000 bytes and 10,000 statements, a statement at most 4,000 characters, terms ten deep and
numbers up to a million; no date moves by more than a century.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from kb.case import EARLIEST, LATEST
from kb.characters import unsafe_characters
from kb.errors import MAX_FAULTS, Fault, InputError, plain, shown
from kb.files import read_bytes, text_of
from kb.language.hints import what_is_missing, what_to_write
from kb.language.model import (
    HOURS,
    WEEKDAYS,
    Atom,
    AtTime,
    ClauseMark,
    Constant,
    DayOf,
    FixedDate,
    Form,
    Literal,
    OnOrAfter,
    Position,
    Predicate,
    Rule,
    RuleFile,
    Shifted,
    Term,
    Variable,
    unknown,
)
from kb.language.statements import Statement, split

MAX_FILE_BYTES = 1_000_000
MAX_STATEMENTS = 10_000
MAX_STATEMENT_CHARACTERS = 4_000
MAX_NESTED = 10  # terms in a term
MAX_NUMBER = 1_000_000
#: How far a date is moved at most, by unit: a century; a date and time by a year or so.
MAX_SHIFT = {HOURS: 10_000, "days": 36_500, "working days": 25_000, "weeks": 5_200, "months": 1_200, "years": 100}
MAX_SHOWN = 160  # a longer line is not repeated in a message

_GRAMMAR = Path(__file__).with_name("grammar.lark")
_NAMES_OF_TOKENS = {
    "NAME": "a name in lower case",
    "VARIABLE": "a variable (starts with a capital letter)",
    "INT": "a whole number",
    "STRING": "a text in double quotes",
    "COMPARE": "a comparison such as <= or =",
    "DOT": "a full stop",
    "COMMA": "a comma",
    "RPAR": "a closing bracket",
    "LPAR": "an opening bracket",
    "UNIT": "hours, days, working days, weeks, months or years",
    "TIME": "a time such as 10:00",
    "SIGN": "`+` or `-`",
    "DATE": "a date such as 2024-09-03",
}
_MODALITIES = {
    "plain": (False, False, False),
    "negated": (True, False, False),
    "known": (False, True, False),
    "known_not": (False, True, True),
    "not_known": (True, True, False),
    "not_known_not": (True, True, True),
    "recorded": (False, False, False),
}
#: What is written instead of `exception_to` where a clause is opened.
_OTHER_WORDS = (
    *("except", "excepts", "exception", "exceptions", "exempt", "exempts", "unless", "overrides", "overrule", "overrules"),
    *("except_to", "exceptions_to", "exception_of", "exception_from", "to", "of"),
)
_OPENING = re.compile(r"@|clause\b")  # how a line begins that was to open a clause
_DECLARING = re.compile(r'predicate\s+([a-z]\w*)\s*(?:\(([^)"]*))?')
_FORMS: dict[str, Form] = {"concluded": "", "left_open": "open", "removed": "not"}


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR.read_text(encoding="utf-8"), parser="lalr", propagate_positions=True, maybe_placeholders=False)


def read_rules(path: Path, name: str | None = None) -> RuleFile:
    """The rules of a file. Errors: `InputError` with every syntax fault found."""
    name = name or path.name
    return parse_rules(read_text(path, name), name)


def read_text(path: Path, name: str) -> str:
    """The text of a rule file, in one form whatever ends its lines.

    Errors: `InputError` if it is too large or no text, or has control characters.
    """
    text = text_of(read_bytes(path, MAX_FILE_BYTES, name, "split it into several files"), name)
    if faults := unsafe_characters(text, name):
        raise InputError(faults)
    return text


def parse_rules(text: str, name: str) -> RuleFile:
    """The rules of a text. Errors: `InputError` with every syntax fault found."""
    read, faults = parse_standing(text, name)
    if faults:
        raise InputError(faults)
    return read


@lru_cache(maxsize=128)
def parse_standing(text: str, name: str) -> tuple[RuleFile, tuple[Fault, ...]]:
    """The statements of a text that can be read, and the faults of the others; the shared rules are read once a process.

    Rules under a line that was to open a clause and can't be read are left out: they belong to no other clause. What a
    declaration that can't be read was to declare counts as declared, so that its uses are not told as well.

    Errors: `InputError` if there are too many statements.
    """
    lines = text.split("\n")
    faults: list[Fault] = []
    rules: list[Rule] = []
    predicates: list[Predicate] = []
    marks: list[ClauseMark] = []
    astray = False  # whether the clause of what follows could not be read
    statements = split(text)
    if len(statements) > MAX_STATEMENTS:
        message = f"has {len(statements):,} statements, expected at most {MAX_STATEMENTS:,}"
        raise InputError([Fault(name, message, "split it into several files")])
    for statement in statements:
        if len(faults) == MAX_FAULTS - 1:
            last = f"{name}:{statement.line}:{statement.column}"
            faults.append(Fault(last, "what follows was not read: there are too many faults", "put these right first"))
            break
        try:
            item = _Builder(name, statement).build()
        except _Misread as error:
            where = Position(name, error.line, error.column)
            source = lines[error.line - 1].rstrip("\r") if error.line <= len(lines) else ""
            if len(source) > MAX_SHOWN:
                source = source[: MAX_SHOWN - 1] + "…" if error.column < MAX_SHOWN else ""
            faults.append(Fault(str(where), error.message, error.hint, plain(source), error.column))
            astray = astray or _OPENING.match(statement.text) is not None
            predicates += _meant(statement, where)
            continue
        if isinstance(item, ClauseMark):
            marks.append(item)
            astray = False
        elif isinstance(item, Predicate):
            predicates.append(item)
        elif astray:
            continue
        elif not marks:
            message = f"`{shown(item.head.predicate)}` stands before any clause"
            faults.append(Fault(str(item.position), message, "write `@clause ID.` above it"))
        else:
            rules.append(replace(item, clause=marks[-1].clause, also=marks[-1].also))
    return RuleFile(name, tuple(rules), tuple(predicates), tuple(marks)), tuple(faults)


def _meant(statement: Statement, where: Position) -> list[Predicate]:
    """The predicate that a declaration which can't be read was to declare, with its name in words for its sentences."""
    found = _DECLARING.match(statement.text)
    if found is None:
        return []
    parts = [part.split() for part in re.sub(r"[^\w,]", " ", found[2] or "").split(",") if part.strip()]
    names, sorts = tuple(part[0] for part in parts), tuple(part[-1] for part in parts)
    says = " ".join([found[1].replace("_", " "), *(f"{{{name}}}" for name in names)])
    return [Predicate(found[1], names, sorts, says, f"not {says}", where)]


def tokens_of(statement: str) -> list[Token]:
    """The tokens of one statement that can be parsed, full stop included, comments left out."""
    return list(_parser().parse_interactive(statement).iter_parse())


class _Misread(Exception):
    def __init__(self, message: str, line: int, column: int, hint: str = ""):
        super().__init__(message)
        self.message, self.line, self.column, self.hint = message, line, column, hint


class _Builder:
    """One statement to one item of the model."""

    def __init__(self, file: str, statement: Statement):
        self.file = file
        self.statement = statement
        self.blanks = 0

    def build(self) -> Rule | Predicate | ClauseMark:
        text = self.statement.text
        if len(text) > MAX_STATEMENT_CHARACTERS:
            message = f"this statement is longer than {MAX_STATEMENT_CHARACTERS:,} characters"
            raise _Misread(message, self.statement.line, self.statement.column, "split it, or look for a missing full stop")
        try:
            tree = _parser().parse(text)
        except UnexpectedInput as error:
            raise self._misread(error) from None
        item: Tree[Any] = tree.children[0]  # type: ignore[assignment]
        if item.data == "clause_mark":
            opened, general = ([*map(str, part.children)] for part in (*item.children, Tree("clauses", []))[:2])
            for word in item.children[0].children[1:]:
                if word in _OTHER_WORDS:
                    ids = f"{opened[0]} exception_to {opened[-1] if opened[-1] not in _OTHER_WORDS else 'ID'}"
                    raise self._wrong(word, f"`{word}` is no clause", f"for an exception write `@clause {ids}.`")
            return ClauseMark(opened[0], tuple(general), self._place(item), tuple(opened[1:]))
        if item.data == "declaration":
            return self._declaration(item)
        return self._rule(item)

    # places and faults

    def _place(self, node: Tree[Any] | Token) -> Position:
        meta: Any = node if isinstance(node, Token) else node.meta
        return Position(self.file, *self._shift(meta.line, meta.column))

    def _shift(self, line: int, column: int) -> tuple[int, int]:
        if line == 1:
            return self.statement.line, self.statement.column + column - 1
        return self.statement.line + line - 1, column

    def _misread(self, error: UnexpectedInput) -> _Misread:
        last = self.statement.text.split("\n")
        if isinstance(error, UnexpectedToken) and error.token.type != "$END":
            line, column = self._shift(error.line, error.column)
            hint = self._instead(error) or _expected(error.accepts or error.expected)
            return _Misread(f"`{shown(str(error.token))}` can't stand here", line, column, hint)
        if isinstance(error, UnexpectedCharacters):
            line, column = self._shift(error.line, error.column)
            hint = self._instead(error) or _expected(error.allowed or set())
            return _Misread(f"`{plain(error.char)}` can't stand here", line, column, hint)
        line, column = self._shift(len(last), len(last[-1]) + 1)
        wanted = error.expected if isinstance(error, (UnexpectedToken, UnexpectedEOF)) else []
        hint = "write a full stop at its end" if "DOT" in wanted else _expected(set(wanted))
        return _Misread("the statement is not finished", line, column, hint)

    def _instead(self, error: UnexpectedToken | UnexpectedCharacters) -> str:
        """What to write in place of what can't be read, where that is known."""
        text, place = self.statement.text, error.pos_in_stream or 0
        wanted = set(error.accepts or error.expected) if isinstance(error, UnexpectedToken) else set(error.allowed or ())
        return what_to_write(text, place) or what_is_missing(text, place, wanted)

    # items

    def _declaration(self, item: Tree[Any]) -> Predicate:
        tokens = [child for child in item.children if isinstance(child, Token)]
        parameters = [child for child in item.children if isinstance(child, Tree)]
        says = [str(token)[1:-1] for token in tokens if token.type == "STRING"]
        return Predicate(
            str(tokens[0]),
            tuple(str(p.children[0]) for p in parameters),
            tuple(str(p.children[1]) for p in parameters),
            says[0],
            says[1] if len(says) > 1 else "",
            self._place(item),
        )

    def _rule(self, item: Tree[Any]) -> Rule:
        form = _FORMS[str(item.children[0].data)]
        head = self._atom(item.children[0].children[0])
        body: list[Literal] = []
        if len(item.children) > 1:
            for node in item.children[1].children:
                body += self._literal(node)
        return Rule(head, tuple(body), "", self._place(item), form)

    def _literal(self, node: Tree[Any]) -> list[Literal]:
        inside = node.children[0]
        place = self._place(node)
        if inside.data == "comparison":
            left, operator, right = inside.children
            atom = Atom(str(operator), (self._term(left), self._term(right)))
        else:
            atom = self._atom(inside)
        if node.data == "unknown":  # neither it nor its opposite is established
            return [*unknown(atom, place)]
        if node.data == "not_recorded":
            raise self._wrong(
                node, f"`not recorded {shown(str(atom))}` is said in one word", f"write `unknown {shown(str(atom))}`"
            )
        return [Literal(atom, *_MODALITIES[str(node.data)], position=place, recorded=node.data == "recorded")]

    def _atom(self, node: Tree[Any]) -> Atom:
        name, *args = node.children
        return Atom(str(name), tuple(self._term(arg) for arg in args))

    def _term(self, node: Tree[Any], around: int = 0) -> Term:
        """A term; `around` counts the terms that it stands in."""
        kind = str(node.data)
        if around > MAX_NESTED:
            raise self._wrong(node, f"terms are nested more than {MAX_NESTED} deep", "use a helper predicate")
        if kind == "variable":
            return Variable(str(node.children[0]))
        if kind == "anything":
            self.blanks += 1
            return Variable(f"_{self.statement.line}_{self.statement.column}_{self.blanks}")
        if kind == "number":
            return self._number(node)
        if kind == "fixed_date":
            return self._fixed_date(node)
        if kind == "shifted":
            return self._shifted(node, around)
        if kind == "at_time":
            hours, minutes = str(node.children[1]).split(":")
            return AtTime(self._term(node.children[0], around + 1), int(hours) * 60 + int(minutes))
        if kind == "day_of":
            return DayOf(self._term(node.children[0], around + 1))
        if kind == "on_or_after":
            weekday = str(node.children[0])
            if weekday not in WEEKDAYS:
                raise self._wrong(node.children[0], f"`{shown(weekday)}` is not a day of the week", "write monday to sunday")
            return OnOrAfter(weekday, self._term(node.children[1], around + 1))
        return Constant(str(node.children[0]))

    def _wrong(self, node: Tree[Any] | Token, message: str, hint: str = "") -> _Misread:
        place = self._place(node)
        return _Misread(message, place.line, place.column, hint)

    def _number(self, node: Tree[Any]) -> Constant:
        digits = str(node.children[0])
        if len(digits) > len(str(MAX_NUMBER)) or int(digits) > MAX_NUMBER:
            raise self._wrong(node.children[0], f"`{shown(digits)}` is too large: a number is at most {MAX_NUMBER:,}")
        return Constant(int(digits))

    def _fixed_date(self, node: Tree[Any]) -> FixedDate:
        written = str(node.children[0])
        try:
            day = date.fromisoformat(written)
        except ValueError:
            raise self._wrong(node.children[0], f"`{written}` is no day of the calendar") from None
        if not EARLIEST <= day.year <= LATEST:
            raise self._wrong(node.children[0], f"`{written}` is not between {EARLIEST} and {LATEST}")
        return FixedDate(day.toordinal())

    def _shifted(self, node: Tree[Any], around: int) -> Shifted:
        base, sign, amount, unit = node.children
        words = str(unit).split()
        plural = " ".join([*words[:-1], words[-1].rstrip("s") + "s"])
        count = self._term(amount)
        if isinstance(count, Constant) and isinstance(count.value, int) and count.value > MAX_SHIFT[plural]:
            raise self._wrong(node, f"a date is moved by at most {MAX_SHIFT[plural]:,} {plural}", "is it the right number?")
        if str(sign) == "-":
            if not isinstance(count, Constant) or not isinstance(count.value, int):
                raise self._wrong(node, "only a number can be taken from a date", "write a number after `-`")
            count = Constant(-count.value)
        return Shifted(self._term(base, around + 1), count, plural)


def _expected(tokens: Any) -> str:
    if "KNOWN" in tokens:
        return "expected a condition"
    if "PREDICATE" in tokens:
        return "expected `@clause`, or `predicate`, or a name in lower case"
    words: set[str] = set()
    for token in tokens:
        if token in _NAMES_OF_TOKENS:
            words.add(_NAMES_OF_TOKENS[token])
        else:
            patterns = {t.name: t.pattern.value for t in _parser().terminals}
            words.add(f"`{patterns.get(token, token)}`")
    return "expected " + ", or ".join(sorted(words)) if words else ""
