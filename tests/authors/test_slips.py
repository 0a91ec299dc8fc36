"""Slips of authors in the folder of a policy: one message each, with the place, the name and what to write instead."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.errors import InputError
from kb.examples import read_examples
from kb.policy import TEMPLATE, find_policy, load_policy
from kb.program import compile_policy

Slip = Callable[[Path], object]


def changed(name: str, old: str, new: str) -> Slip:
    """One replacement in a file of the folder."""

    def slip(home: Path) -> None:
        text = (home / name).read_text(encoding="utf-8")
        assert old in text
        (home / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return slip


def added(name: str, text: str) -> Slip:
    """Something at the end of a file."""
    return lambda home: (home / name).write_text((home / name).read_text(encoding="utf-8") + text, encoding="utf-8")


def rule(text: str) -> Slip:
    """A further rule, under a clause of its own, in line 100."""

    def slip(home: Path) -> None:
        added("clauses.tsv", "slip\t99\tduty\tmust\tSays more.\t\t\n")(home)
        lines = (home / "rules.dl").read_text(encoding="utf-8").count("\n")
        added("rules.dl", "\n" * (98 - lines) + f"@clause slip.\n{text}\n")(home)

    return slip


def fact(name: str, values: str = "", kind: str = "bool", true: str = "it is so", time: str = "") -> str:
    """A row of facts.tsv."""
    return "\t".join((name, kind, values, "the weather", true, "it is not so", "How is it?", "", "", time, "", "", "", "")) + "\n"


def parted(name: str, mark: str) -> Slip:
    """Another mark than the tab between the cells."""
    return lambda home: (home / name).write_text((home / name).read_text(encoding="utf-8").replace("\t", mark), encoding="utf-8")


def told(home: Path, slip: Slip) -> list[str]:
    """All faults that an author is told."""
    shutil.copytree(TEMPLATE, home)
    slip(home)
    try:
        policy = load_policy(find_policy(str(home)))
        compile_policy(policy)
        read_examples(home, policy)
    except InputError as error:
        return [str(fault) for fault in error.faults]
    return []


IN_ALL = "    every policy has it: `whichteam new-policy NAME` makes a folder that shows its form"
AS_TABS = "cells are parted by {}, expected tabs\n    save it as text with tabs between the cells"
CODES = "    the first line names the columns, parted by tabs: kind, code, label"
SLIPS: list[tuple[str, Slip, str]] = [
    ("nothing", lambda home: None, ""),
    ("no codes", lambda home: (home / "codes.tsv").unlink(), "codes.tsv: there is no such file\n" + IN_ALL),
    ("no toml", lambda home: (home / "policy.toml").unlink(), "policy.toml: there is no such file\n" + IN_ALL),
    (
        "a file called otherwise",
        lambda home: (home / "clauses.tsv").rename(home / "clauses.tsv.txt"),
        "clauses.tsv: there is no such file\n    is it `clauses.tsv.txt`? call it `clauses.tsv`",
    ),
    (
        "rules called otherwise",
        lambda home: (home / "rules.dl").rename(home / "rules.dl.txt"),
        "there is no file of rules: none has a name that ends in `.dl`\n    is it `rules.dl.txt`? call it `rules.dl`",
    ),
    (
        "a file that is missing, beside a table of another name",
        lambda home: (home / "clauses.tsv").rename(home / "duties.csv"),
        "clauses.tsv: there is no such file\n" + IN_ALL,
    ),
    (
        "no heading",
        changed("codes.tsv", "kind\tcode\tlabel\taliases\n", ""),
        "codes.tsv:1: the first line does not name the columns\n" + CODES,
    ),
    (
        "line ends of an old system",
        lambda home: (home / "rules.dl").write_bytes(b"% one\r% two\r% three\r"),
        "rules.dl:1:6: a carriage return, U+000D, can't stand here (also at 2 further places)\n"
        "    save the file with plain line ends",
    ),
    (
        "an unknown type",
        added("facts.tsv", fact("weather", kind="boolean")),
        "facts.tsv:{end}, column `type`: unknown type `boolean`\n    did you mean `bool`?",
    ),
    (
        "a type in the plural",
        added("facts.tsv", fact("weather", kind="events", time="event")),
        "facts.tsv:{end}, column `type`: unknown type `events`\n    did you mean `event`?",
    ),
    (
        "values parted by commas",
        added("facts.tsv", fact("weather", "wet, dry", "enum")),
        "facts.tsv:{end}, column `values`: the values are parted by commas, expected semicolons\n    write `;` between them",
    ),
    (
        "a value that is no code",
        added("facts.tsv", fact("weather", "Very Wet; dry", "enum")),
        "facts.tsv:{end}, column `values`: `Very Wet` is not a code\n"
        "    use lower-case letters, digits and _: `very_wet`",
    ),
    (
        "a value twice",
        added("facts.tsv", fact("weather", "wet; dry; wet", "enum")),
        "facts.tsv:{end}, column `values`: `wet` is there twice\n    keep one of them",
    ),
    (
        "a placeholder of a fact misspelt",
        added("facts.tsv", fact("weather", "wet; dry", "enum", "it is {Weather}")),
        "facts.tsv:{end}, column `true`: unknown placeholder `{Weather}`\n    write `{Value}` where the value belongs",
    ),
    (
        "a calculated condition with the name of a shared fact",
        lambda home: (home / "calculated.tsv").write_text(
            "name\ttype\thow\tsource\tkey\tfield\tlabel\ttrue\tfalse\n"
            "cared_for\tint\tcount\tsiblings\t\t\tthe number\tthere are {Value}\tthere are not {Value}\n"
        ),
        "calculated.tsv:2, column `name`: `cared_for` is a shared fact already\n    give this row another name",
    ),
    (
        "an empty cell of a lookup table",
        lambda home: (home / "area.tsv").write_text("team\tmost number\nfirst_team\t\n"),
        "area.tsv:2, column `most number`: the cell is empty\n"
        "    write what it holds, or remove the row: every cell of a lookup table is filled",
    ),
    (
        "a date as a point's event",
        lambda home: (
            added("facts.tsv", fact("seen", kind="date", time="event"))(home),
            rule("point_event(planning_meeting, seen).")(home),
        ),
        "rules.dl:100:1: `seen` is a fact of type date, but `point_event` takes a name of an event here\n"
        "    for a date write `occurs(planning_meeting, On) :- known seen(On).`",
    ),
    (
        "a limit with a time that is a day",
        rule("limit_at(meeting_due, Start + 3 days) :- known referral_accepted_on(Start)."),
        "rules.dl:100:1: `Start + 3 days` is a date, but `limit_at` takes a date and time here\n"
        "    conclude `limit` for a limit that is a day, or write its time, such as `Start at 10:00`",
    ),
    (
        "today",
        rule("duty(tell_the_family) :- known referral_accepted_on(Start), today > Start + 3 days."),
        "rules.dl:100:61: `today > Start + 3 days` compares a code with a date\n    the day of the answer is `as_of`",
    ),
    (
        "a bad mark in the examples",
        changed("examples.yaml", "- example: ", "- example: \u202e"),
        "examples.yaml:3:12: right-to-left override, U+202E, can't stand here\n    take it out",
    ),
    (
        "empty examples",
        lambda home: (home / "examples.yaml").write_text(""),
        "examples.yaml: is empty\n    start each with `- example: what it shows`",
    ),
    ("a file of the system", lambda home: (home / "._rules.dl").write_bytes(b"\0\5"), ""),
    ("commas", parted("codes.tsv", ","), "codes.tsv:1: the " + AS_TABS.format("commas")),
    ("semicolons", parted("clauses.tsv", ";"), "clauses.tsv:1: the " + AS_TABS.format("semicolons")),
    ("spaces", parted("codes.tsv", "   "), "codes.tsv:1: the " + AS_TABS.format("spaces")),
    ("an empty table", lambda home: (home / "codes.tsv").write_text(""), "codes.tsv:1: the first line is empty\n" + CODES),
    (
        "a column too many",
        changed("codes.tsv", "aliases", "aliases\tcolour"),
        "codes.tsv:1: unknown column `colour`\n    columns: kind, code, label, aliases",
    ),
    (
        "a misspelt column",
        changed("codes.tsv", "label", "lable"),
        "codes.tsv:1: unknown column `lable`\n    did you mean `label`?",
    ),
    (
        "quotation marks",
        changed("codes.tsv", "First Team", '"First Team"'),
        'codes.tsv:3, column `label`: `"First Team"` is in quotation marks\n'
        "    write it without: nothing stands around the cells of a table",
    ),
    (
        "one code twice",
        added("codes.tsv", "team\tfirst_team\tFirst Team\t\n"),
        "codes.tsv:{end}, column `code`: `first_team` is declared twice\n    remove one of them",
    ),
    ("one code for a team and a duty", added("codes.tsv", "duty\tfirst_team\tcall the team\t\n"), ""),
    (
        "one code for a team and a point",
        added("codes.tsv", "point\tfirst_team\tthe first meeting of the team\t\n"),
        "codes.tsv:{end}, column `code`: `first_team` is a point here and a team at northshire/codes.tsv:3, column `code`\n"
        "    give one of them another code: rules name both in one place",
    ),
    (
        "a code with a hyphen",
        added("codes.tsv", "team\tlast-team\tLast Team\t\n"),
        "codes.tsv:{end}, column `code`: `last-team` is not a code\n    use lower-case letters, digits and _: `last_team`",
    ),
    (
        "a code with capitals and a space",
        added("codes.tsv", "team\tLast Team\tLast Team\t\n"),
        "codes.tsv:{end}, column `code`: `Last Team` is not a code\n    use lower-case letters, digits and _: `last_team`",
    ),
    (
        "an id with a hyphen",
        added("clauses.tsv", "ex-99\t9\tduty\tmust\tSays more.\t\t\n"),
        "clauses.tsv:{end}, column `id`: `ex-99` can't be the id of a clause\n    use letters and digits: `ex99`",
    ),
    ("a key misspelt", changed("policy.toml", "name =", "nam ="), "policy.toml:2: unknown key `nam`\n    did you mean `name`?"),
    (
        "no text",
        changed("policy.toml", '"draft"', "2"),
        'policy.toml:4: `version` is not a text in quotation marks\n    write for example `version = "April 2024"`',
    ),
    (
        "a text not closed",
        changed("policy.toml", '"draft"', '"draft'),
        "policy.toml:4:17: is not TOML: illegal character '\\n'\n"
        '    a line reads `name = "text"`: the text stands in straight quotation marks, all on one line',
    ),
    (
        "a reading misspelt",
        added("policy.toml", '[readings]\nday_cuont = "working"\n'),
        "policy.toml:{end}: unknown reading `day_cuont`\n    did you mean `day_count`?",
    ),
    (
        "a reading without a choice",
        added("readings.tsv", "mood\tcalm\t\tex3\tSilent.\n"),
        "readings.tsv:{end}, column `alternatives`: the reading `mood` has nothing to choose from besides `calm`\n"
        "    write its other settings, parted by `;`, or remove the reading",
    ),
    (
        "an id with a space",
        added("clauses.tsv", "ex 99\t9\tduty\tmust\tSays more.\t\t\n"),
        "clauses.tsv:{end}, column `id`: `ex 99` can't be the id of a clause\n    use letters and digits: `ex99`",
    ),
    (
        "a fact with the name of a conclusion",
        added("facts.tsv", "route\tbool\t\tthe way\tit is so\tit is not so\tIs it?\n".replace("\n", "\t" * 7 + "\n")),
        "facts.tsv: a fact can't be called `route`: it is a conclusion, declared at house/1_what_a_policy_says.dl:7:1\n"
        "    give the fact or the conclusion another name",
    ),
    (
        "a fact with a word of the language as its name",
        added("facts.tsv", "known\tbool\t\tthe way\tit is so\tit is not so\tIs it?\n".replace("\n", "\t" * 7 + "\n")),
        "facts.tsv: a fact can't be called `known`: it is a word of the language\n    give the fact another name",
    ),
    (
        "a fact misspelt where it is declared",
        changed("facts.tsv", "planning_meeting_needed\t", "planning_meeting_neded\t"),
        "rules.dl:{first}: unknown predicate `planning_meeting_needed` (also at {others})\n"
        "    did you mean `planning_meeting_neded`?",
    ),
    (
        "hours after a day",
        rule("limit(meeting_due, Start + 36 hours) :- known referral_accepted_on(Start)."),
        "rules.dl:100:1: `Start + 36 hours` needs a date and time, but `Start` is a date\n"
        "    write for example `Start at 09:00` for a time of it",
    ),
    (
        "a placeholder misspelt",
        rule('predicate has_it(Team: team) "{Tem} has it" not "no team does".\nhas_it(first_team).\nfront_door(T) :- has_it(T).'),
        "rules.dl:100:1: unknown placeholder `{Tem}`\n    did you mean `Team`?",
    ),
    (
        "which value, where it is asked whether there is one",
        rule("duty(tell_the_family) :- recorded icpc_held_on(On)."),
        "rules.dl:100:26: `recorded icpc_held_on(On)` asks whether there is a value, not which\n    write `_` for `On`",
    ),
    (
        "a key of an example misspelt",
        changed("examples.yaml", "  expect:", "  expct:"),
        "examples.yaml:{expct}:3: an example has no `expct`\n    did you mean `expect`?",
    ),
    (
        "a tab in an example",
        changed("examples.yaml", "  expect:", "\texpect:"),
        "examples.yaml:{expct}:1: is not YAML: a tab stands where spaces belong\n    write spaces",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("slip", "expected"), [(slip, expected) for _, slip, expected in SLIPS], ids=[name for name, *_ in SLIPS]
)
def test_a_slip_is_told_once(tmp_path: Path, slip: Slip, expected: str) -> None:
    home = tmp_path / "northshire"
    found = told(home, slip)
    if not expected:
        assert found == []
        return
    (message,) = found
    assert message == "northshire" + (": " if expected.startswith("there is no file") else "/") + placed(expected, home)


def placed(expected: str, home: Path) -> str:
    """The expected message with the lines that the template gives: the last of a table, and those of a name in the rules."""
    name = expected.partition(":")[0]
    if "{end}" in expected:
        return expected.replace("{end}", str(len((home / name).read_text(encoding="utf-8").rstrip().split("\n"))))
    if "{expct}" in expected:
        lines = (home / name).read_text(encoding="utf-8").split("\n")
        return expected.replace(
            "{expct}", str(next(n for n, line in enumerate(lines, 1) if line.strip() in ("expct:", "expect:")))
        )
    if "{first}" in expected:
        numbered = enumerate((home / name).read_text(encoding="utf-8").split("\n"), 1)
        asked = [
            (n, line.index("known planning_meeting_needed") + 1) for n, line in numbered if "planning_meeting_needed" in line
        ]
        first, *others = [f"{n}:{line_from}" for n, line_from in asked]
        return expected.replace("{first}", first).replace("{others}", ", ".join(f"northshire/rules.dl:{at}" for at in others))
    return expected


def test_a_file_or_an_empty_folder_is_no_policy(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "rules.dl").write_text("")
    with pytest.raises(InputError) as empty:
        find_policy(str(tmp_path / "empty"))
    with pytest.raises(InputError) as file:
        find_policy(str(tmp_path / "rules.dl"))
    assert "holds no policy: it has no `policy.toml`" in str(empty.value)
    assert "is a file, expected the folder of a policy" in str(file.value)
