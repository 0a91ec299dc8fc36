"""The formatter of rule files: one canonical layout, nothing lost, and all our rule files have it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import InputError
from kb.language.layout import comments, laid_out
from kb.language.model import RuleFile
from kb.language.parser import parse_rules
from tests.strategies import laws

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("kb/**/*.dl"), *ROOT.glob("tests/councils/**/*.dl")])

LAID_OUT = """\
% Heads the file.

@clause c1.
front_door(alpha).  % who answers

% Heads the declaration.
predicate near(Team: team, On: date)  % two things
  "{Team} is near ({On})"
  % of its own
  not "{Team} is far".

near(Team, On) :-  % the head
    known happened(visit, On),  % first
    % second
    not known Team = alpha, On + 2 working days <= as_of, day(On) >= 2024-01-31, on_or_after(monday, On) < as_of,
    as_of < On at 10:00.  % the end
% after it

@clause c2 c3 exception_to c1 c0.
odd :- unknown near(_, _).
open odd :- unknown visited, recorded near(alpha, _).
not near(_, _) :-
    % as an exception
    recorded visited.
"""
UNTIDY = """\


% Heads the file.


@clause c1 .
front_door( alpha ) . % who answers
% Heads the declaration.
   predicate near(Team:team,On :date)% two things
"{Team} is near ({On})"
% of its own
not "{Team} is far".
near(Team,On):-% the head
known happened(visit,
On), % first
  % second
not known Team=alpha,On+2 working  days<=as_of,day(On)>=2024-01-31,on_or_after(monday,On)<as_of,as_of<On at 10:00 % the end
% after it
.
@clause c2
  c3 exception_to c1 c0.   odd:-unknown near(_,_).
open
  odd:-unknown visited,recorded  near( alpha,_).
not near(_,_):-
% as an exception
   recorded visited .


"""


def test_untidy_and_tidy_have_one_layout() -> None:
    assert laid_out(UNTIDY, "a.dl") == LAID_OUT
    assert laid_out(LAID_OUT, "a.dl") == LAID_OUT
    assert laid_out("\ufeff" + UNTIDY.replace("\n", "\r\n"), "a.dl") == LAID_OUT


def test_conditions_fill_lines_of_120_columns() -> None:
    short = "@clause c.\nheaded(X) :- " + ", ".join(f"condition_{n:03}(X)" for n in range(6)) + ".\n"
    assert len(short.splitlines()[1]) == 120
    assert laid_out(short, "a.dl") == short
    longer = short.replace("headed", "headings")
    assert laid_out(longer, "a.dl").splitlines()[1:] == [
        "headings(X) :-",
        "    " + ", ".join(f"condition_{n:03}(X)" for n in range(6)) + ".",
    ]
    full = longer.replace("(X).\n", "(X), one, more.\n")
    assert laid_out(full, "a.dl").splitlines()[2:] == [
        "    " + ", ".join(f"condition_{n:03}(X)" for n in range(6)) + ", one,",
        "    more.",
    ]


def test_an_empty_file_stays_empty_and_comments_alone_are_kept() -> None:
    assert laid_out("", "a.dl") == ""
    assert laid_out("\n  % one\n\n\n% two\n\n", "a.dl") == "% one\n\n% two\n"


def test_faults_are_those_of_the_parser() -> None:
    with pytest.raises(InputError) as raised:
        laid_out("@clause c.\na :- .\nb(X :- c.\n", "a.dl")
    with pytest.raises(InputError) as parsed:
        parse_rules("@clause c.\na :- .\nb(X :- c.\n", "a.dl")
    assert str(raised.value) == str(parsed.value)
    assert len(raised.value.faults) == 2


def test_a_statement_that_would_outgrow_its_limit_is_left_alone() -> None:
    text = "@clause c.\na:-" + ",".join(["b1234567"] * 443) + ".\n"
    parse_rules(text, "a.dl")
    with pytest.raises(InputError) as raised:
        laid_out(text, "a.dl")
    assert str(raised.value) == "a.dl: can't be laid out as it is\n    split its longest statements"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_files_of_the_house_are_laid_out(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert laid_out(text, path.name) == text, "run: whichteam fmt"


# Laws -------------------------------------------------------------------------------------

NAMES = st.sampled_from(["a", "b_c", "known_not", "days", "at", "x1", "14_weeks", "notes"])
TERMS = st.sampled_from(
    ["X", "_", "as_of", "7", "2024-02-29", "X + 3 days", "X - 1 day", "X+Y working\tdays", "day( X )", "X at 09:30"]
)
SPACE = st.sampled_from(["", " ", "\n", "  \n\n", "\t", " % said\n", '\n  % said, "so" :- x.\n', "\n\n% A\n\n% B\n", " % C\r\n"])
GAPS = st.sampled_from([" ", "\n", " % kept\n", "\n    % own line\n", "\t \n"])


@st.composite
def atoms(draw: st.DrawFn) -> list[str]:
    args = draw(st.lists(TERMS, max_size=3))
    inside = [part for arg in args for part in (arg, ",")][:-1]
    return [draw(NAMES.filter(lambda name: name not in ("days", "at"))), *(["(", *inside, ")"] if args else [])]


@st.composite
def literals(draw: st.DrawFn) -> list[str]:
    manner = draw(
        st.sampled_from([[], ["not "], ["known "], ["not ", "known "], ["known ", "not "], ["unknown "], ["recorded "]])
    )
    return [*manner, *draw(atoms())]


@st.composite
def statements(draw: st.DrawFn) -> list[str]:
    kind = draw(st.sampled_from(["clause", "declaration", "rule", "rule", "rule", "comparison"]))
    if kind == "clause":
        return [
            "@clause ",
            draw(NAMES),
            *draw(st.sampled_from([[], [" c3"]])),
            *draw(st.sampled_from([[], [" exception_to ", "c1", " ", "c2"]])),
            ".",
        ]
    if kind == "declaration":
        signature = draw(st.sampled_from([[], ["(", "X", ":", "date", ",", "Y", ":", "team", ")"]]))
        return [
            "predicate ",
            draw(NAMES),
            *signature,
            '"is 100% so. {X}"',
            *draw(st.sampled_from([[], ["not ", '"is, not"']])),
            ".",
        ]
    if kind == "comparison":
        return [*draw(atoms()), ":-", draw(TERMS), draw(st.sampled_from(["<", "<=", "=", "!="])), draw(TERMS), "."]
    body = draw(st.lists(literals(), max_size=9))
    joined = [part for literal in body for part in (*literal, ",")][:-1]
    form = draw(st.sampled_from([[], [], ["open "], ["not "]]))
    return [*form, *draw(atoms()), *([":-", *joined] if body else []), "."]


@st.composite
def files(draw: st.DrawFn) -> str:
    """Random rule files with space and comments wherever these are allowed."""
    text = draw(SPACE) + "@clause c0." + draw(GAPS)
    for statement in draw(st.lists(statements(), max_size=7)):
        for part in statement:
            text += part + draw(SPACE)
        text += draw(GAPS)
    return text


def said(file: RuleFile) -> tuple[object, ...]:
    """The content of a rule file, comparable across layouts: blanks of different places are both `_`."""
    return (
        [(str(rule), [repr(str(literal)) for literal in rule.body], rule.clauses) for rule in file.rules],
        [(p.name, p.parameters, p.sorts, p.says, p.says_not) for p in file.predicates],
        [(mark.clauses, mark.exception_to) for mark in file.marks],
    )


@given(text=files())
@laws(120)
def test_laying_out_keeps_what_is_said_and_every_comment_and_is_done_once(text: str) -> None:
    parsed = parse_rules(text, "a.dl")
    once = laid_out(text, "a.dl")
    assert said(parse_rules(once, "a.dl")) == said(parsed)
    assert comments(once) == comments(text)
    assert laid_out(once, "a.dl") == once
    assert all(line == line.rstrip() and "\t" not in line.partition('"')[0].partition("%")[0] for line in once.split("\n"))
    assert "\n\n\n" not in once


@given(written=st.lists(statements(), max_size=7), data=st.data())
@laws(40)
def test_space_between_the_words_of_a_statement_makes_no_difference(written: list[list[str]], data: st.DataObject) -> None:
    space = st.sampled_from(["", " ", "\n", "\n\n", "\t  "])

    def file() -> str:
        spaced = ["".join(part + data.draw(space) for part in statement[:-1]) + statement[-1] for statement in written]
        return "\n".join(["@clause c0.", *spaced, ""])

    assert laid_out(file(), "a.dl") == laid_out(file(), "a.dl")
