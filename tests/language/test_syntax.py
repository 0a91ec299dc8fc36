"""Rule files that can't be read: every fault with its place, and nothing worse than a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import InputError
from kb.language.parser import MAX_FILE_BYTES, MAX_STATEMENT_CHARACTERS, parse_rules, read_rules


def syntax_faults(text: str) -> list[str]:
    try:
        parse_rules(text, "a.dl")
    except InputError as error:
        return [str(fault) for fault in error.faults]
    return []


def told(text: str) -> tuple[str, str]:
    """Message and hint of the one fault of a text."""
    with pytest.raises(InputError) as error:
        parse_rules(text, "a.dl")
    (fault,) = error.value.faults
    return fault.message, fault.hint


def test_every_fault_of_a_file_is_reported() -> None:
    text = "@clause c1.\nroute(alpha beta).\nduty(call).\nduty(call) :- .\nDuty(call).\n"
    assert syntax_faults(text) == [
        "a.dl:2:13: `beta` can't stand here\n"
        "    route(alpha beta).\n"
        "                ^\n"
        "    write a comma between them, or `_` for a space in a name: `alpha_beta`",
        "a.dl:4:15: `.` can't stand here\n    duty(call) :- .\n                  ^\n    expected a condition",
        "a.dl:5:1: `Duty` can't stand here\n"
        "    Duty(call).\n"
        "    ^\n"
        "    conclusions and conditions have names in lower case; capitals are for variables",
    ]


def test_an_unfinished_statement_is_shown_where_it_ends() -> None:
    (fault,) = syntax_faults("@clause c1.\nduty(call)")
    assert fault == (
        "a.dl:2:11: the statement is not finished\n    duty(call)\n              ^\n    write a full stop at its end"
    )


def test_an_unknown_character_is_named() -> None:
    assert syntax_faults("@clause c1.\nduty(call) :- wet; dry.\n") == [
        "a.dl:2:18: `;` can't stand here\n"
        "    duty(call) :- wet; dry.\n"
        "                     ^\n"
        "    a rule has no `or`: write one rule for each, with the same conclusion"
    ]


@pytest.mark.parametrize(
    ("rule", "place", "hint"),
    [
        ("p :- a or b.", "8: `or`", "a rule has no `or`: write one rule for each, with the same conclusion"),
        ("p :- a && b.", "8: `&`", "write a comma between conditions: all of them have to hold"),
        ("p :- \\+ a.", "6: `\\`", "write `not` before the condition"),
        ("p :- d(X), X =< 3.", "15: `<`", "write `<=`"),
        ("p :- d(X), X <> 3.", "15: `>`", "write `!=`"),
        ("p :- d(X), X == 3.", "15: `=`", "write `=`"),
        ("p <- a.", "3: `<`", "write `:-` between the conclusion and its conditions"),
        ("p : - a.", "3: `:`", "write `:-` between the conclusion and its conditions"),
        ("p :- a(“x”).", "8: `“`", 'write a straight quotation mark: `"`'),
        ("p :- a('x').", "8: `'`", "codes are written without quotation marks, in lower case and with `_` for a space"),
        ("p :- d(X), X > 1.5.", "18: `5`", "only whole numbers can be written"),
        ("p :- d(X), X > 3/9/2024.", "17: `/`", "write the date with the year first, such as 2024-09-03"),
        ('p :- d(X), X > "2024-09-03".', '16: `"2024-09-03"`', "write the date without quotation marks"),
        ("p :- count(a) > 3.", "15: `>`", "what a list comes to is a row of calculated.tsv; rules ask it by name"),
        ("p, q :- a.", "2: `,`", "a rule has one conclusion: write one rule for each, with the same conditions"),
        ("p(a);\nq(b).", "5: `;`", "a statement ends with a full stop: write `.`"),
        ("p :- a;\n    b.", "7: `;`", "a rule has no `or`: write one rule for each, with the same conclusion"),
        ("l(x, D + -3 days) :- d(D).", "10: `-`", "write `- 3` to go back in time"),
        ("l(x, D at 9.30) :- d(D).", "11: `9`", "write the time with a colon: `09:30`"),
        ("l(x, D at 9:30pm) :- d(D).", "11: `9`", "write the time on the clock of 24 hours: `21:30`"),
        ("l(x, D at 12 am) :- d(D).", "11: `12`", "write the time on the clock of 24 hours: `00:00`"),
        ("l(x, D at 25:10) :- d(D).", "11: `25`", "a day has the times 00:00 to 24:00"),
        ("p :- known\xa0a.", "11: `\\xa0`", "this is no-break space (U+00A0): write a plain space"),
        ("p :- a\u200bb.", "7: `\\u200b`", "this is zero width space (U+200B), which can't be seen by itself: take it out"),
        ("p :- \u0430b.", "6: `\u0430`", "this is cyrillic small letter a (U+0430): write the letter `a`"),
        (
            "p :- t\u0177_newydd.",
            "7: `\u0177`",
            "this is latin small letter y with circumflex (U+0177): names have the letters a to z, digits and `_`",
        ),
        ("p :- not (a, b).", "10: `(`", "leave the brackets out; for several conditions declare a conclusion of your own"),
        ("l(x, D at 9:00) :- d(D).", "11: `9`", "write the time with two digits for the hour: `09:00`"),
        ('predicate p "a "b-c" d" not "e".', "17: `b`", "a text holds no quotation marks: leave those inside it out"),
        ("p :- a-b(x).", "8: `b`", "write `_` for `-` in a name: `a_b`"),
        ("p :- not a-b-c.", "11: `-`", "write `_` for `-` in a name: `a_b_c`"),
        ("p(x-y) :- a.", "5: `y`", "write `_` for `-` in a name: `x_y`"),
        ("p :- a b.", "8: `b`", "write a comma between them, or `_` for a space in a name: `a_b`"),
        ("p(x y) :- a.", "5: `y`", "write a comma between them, or `_` for a space in a name: `x_y`"),
        ("p :- Abc_d.", "11: `.`", "conditions have names in lower case: write `abc_d`; capitals are for variables"),
        ("p :- not Abc, b.", "10: `Abc`", "conditions have names in lower case: write `abc`; capitals are for variables"),
        ("p :- unless a.", "13: `a`", "write `not` before the condition, or an exception: `@clause ID exception_to ID.`"),
        ("p except a.", "3: `except`", "write `not` before the condition, or an exception: `@clause ID exception_to ID.`"),
        (
            "l(x, 10 working days) :- a.",
            "9: `working days`",
            "an amount of time is added to a date: write for example `Start + 10 working days`",
        ),
        ("l(x, within 6 weeks) :- a.", "13: `6`", "an amount of time is added to a date: write for example `Start + 6 weeks`"),
        ("l(x, 1 day after D) :- d(D).", "8: `day`", "an amount of time is added to a date: write for example `Start + 1 day`"),
        ("l(x, D + 10days) :- d(D).", "10: `10days`", "write a space between the number and its unit: `10 days`"),
        ("l(x, D + 10 calendar days) :- d(D).", "13: `calendar`", "write `days`"),
        ("l(x, D + 10 working) :- d(D).", "13: `working`", "write `working days`"),
        (
            "p :- d(D), as_of - D >= 16 years.",
            "22: `>=`",
            "no date is taken from another: write `as_of >= D + 16 years`",
        ),
        (
            "p(x, a(_)).",
            "7: `(`",
            "what stands in brackets has none of its own: write `a` alone, or a condition for its value",
        ),
        ("clause t2.", "8: `t2`", "a clause is opened by `@clause ID.`"),
        ("@clause t2 exception_to t1, t3.", "27: `,`", "write the ids with spaces between them, without commas"),
        ("@clause t2, t3.", "11: `,`", "write the ids with spaces between them, without commas"),
        ("@clause t2 exception-to t1.", "21: `-`", "write `_` for `-`: ids and words have letters, digits and `_` only"),
        ("@clause t-2.", "10: `-`", "write `_` for `-`: ids and words have letters, digits and `_` only"),
        ("@clause 4.2.", "11: `2`", "an id has no full stop: write `_` for it, such as `c4_2`"),
        ("@clause T2.", "9: `T2`", "write the id as in clauses.tsv, its first letter in lower case: is it `t2`?"),
        ("@clause t2:", "11: `:`", "end the line with a full stop; the rules stand below it"),
        ("@clause t2 exception_to.", "24: `.`", "name the clause that it is an exception to"),
        ("p :- a\n@clause t2.", "1: `@clause`", "is the full stop missing at the end of the statement before it?"),
    ],
)
def test_what_to_write_instead(rule: str, place: str, hint: str) -> None:
    """Habits of other languages, and slips, are met with what to write."""
    (fault,) = syntax_faults(f"@clause c1.\n{rule}\n")
    first, *_, last = fault.splitlines()
    assert (first.split(":", 2)[2].removesuffix(" can't stand here"), last.strip()) == (place, hint)


@pytest.mark.parametrize("word", ["except", "exception to", "exceptions_to", "unless", "overrides"])
def test_an_exception_is_opened_by_its_own_word(word: str) -> None:
    """Any other word would be read as the id of a further clause."""
    first = word.partition(" ")[0]
    assert told(f"@clause ex7 {word} ex4.") == (
        f"`{first}` is no clause",
        "for an exception write `@clause ex7 exception_to ex4.`",
    )
    assert syntax_faults("@clause ex7 exception_to ex4.") == []
    assert syntax_faults("@clause ex7 ex4.") == []


def test_a_line_that_opens_a_clause_and_does_not_end_is_told() -> None:
    assert syntax_faults("@clause t2\np(x) :- a.") == [
        "a.dl:2:2: `(` can't stand here\n"
        "    p(x) :- a.\n"
        "     ^\n"
        "    is the full stop missing at the end of the line that opens the clause?"
    ]


def test_the_mark_stands_under_the_place_in_a_line_with_tabs() -> None:
    assert syntax_faults("@clause c1.\np :- q,\n\t\tr s.") == [
        "a.dl:3:5: `s` can't stand here\n"
        "    \t\tr s.\n"
        "    \t\t  ^\n"
        "    write a comma between them, or `_` for a space in a name: `r_s`"
    ]


def test_an_unknown_weekday_is_named() -> None:
    assert syntax_faults("@clause c1.\nlimit(x, on_or_after(mondy, Day)) :- seen(Day).\n") == [
        "a.dl:2:22: `mondy` is not a day of the week\n"
        "    limit(x, on_or_after(mondy, Day)) :- seen(Day).\n"
        "                         ^\n"
        "    write monday to sunday"
    ]


@pytest.mark.parametrize("time", ["29:99", "29:30", "24:01", "24:30"])
def test_a_time_that_no_clock_shows_is_refused(time: str) -> None:
    assert syntax_faults(f"@clause c1.\nlate :- sent(M), seen(Day), M > Day at {time}.\n") == [
        f"a.dl:2:40: `{time[:2]}` can't stand here\n"
        f"    late :- sent(M), seen(Day), M > Day at {time}.\n"
        "                                           ^\n"
        "    a day has the times 00:00 to 24:00"
    ]
    assert syntax_faults("@clause c1.\nlate :- sent(M), seen(Day), M > Day at 24:00.\n") == []


def test_only_a_number_can_be_taken_away() -> None:
    assert syntax_faults("@clause c1.\nlimit(x, Day - N days) :- seen(Day).\n") == [
        "a.dl:2:10: only a number can be taken from a date\n"
        "    limit(x, Day - N days) :- seen(Day).\n"
        "             ^\n"
        "    write a number after `-`"
    ]


def test_a_rule_before_any_clause_is_refused() -> None:
    assert syntax_faults('predicate p "p" not "no p".\np :- q.\n') == [
        "a.dl:2:1: `p` stands before any clause\n    write `@clause ID.` above it"
    ]


def test_full_stops_in_comments_and_texts_end_nothing() -> None:
    text = '% One. Two.\npredicate p "e.g. this. That" not "no. p".\n@clause c1. % three. four\np :- q, % five. "\n  r.\n'
    file = parse_rules(text, "a.dl")
    assert [str(rule) for rule in file.rules] == ["p :- q, r."]
    assert [(p.says, p.says_not) for p in file.predicates] == [("e.g. this. That", "no. p")]


def test_a_percent_sign_in_a_text_is_no_comment() -> None:
    file = parse_rules('predicate p "50% of it" not "less".\n', "a.dl")
    assert [p.says for p in file.predicates] == ["50% of it"]


def test_places_count_from_one_after_comments_and_indents() -> None:
    file = parse_rules("% c\n\n  @clause c1.\n\t  p :-\n    q,\n  r(X).\n", "a.dl")
    assert [str(rule.position) for rule in file.rules] == ["a.dl:4:4"]
    assert [str(literal.position) for literal in file.rules[0].body] == ["a.dl:5:5", "a.dl:6:3"]


def test_windows_line_ends_are_read_alike() -> None:
    assert parse_rules("@clause c1.\r\np :- q.\r\n", "a.dl") == parse_rules("@clause c1.\np :- q.\n", "a.dl")


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.dl"
    path.write_bytes(b"\xef\xbb\xbf@clause c1.\np :- q.\n")
    assert [str(rule) for rule in read_rules(path).rules] == ["p :- q."]


def test_a_statement_that_is_too_long_is_refused() -> None:
    head = "p :- q"
    longest = head + ", q" * ((MAX_STATEMENT_CHARACTERS - len(head) - 1) // 3)
    assert syntax_faults(f"@clause c1.\n{longest}.") == []
    (fault,) = syntax_faults(f"@clause c1.\n{longest}, qqq.")
    first, source, _, last = fault.split("\n")
    assert first == "a.dl:2:1: this statement is longer than 4,000 characters"
    assert last == "    split it, or look for a missing full stop"
    assert len(source) < 200


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.dl"
    path.write_bytes(b"%" * (MAX_FILE_BYTES + 1))
    with pytest.raises(InputError) as error:
        read_rules(path)
    assert str(error.value) == "a.dl: is 1,000,001 bytes, expected at most 1,000,000\n    split it into several files"


def test_a_file_that_is_just_small_enough_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.dl"
    path.write_bytes(b"%" * MAX_FILE_BYTES)
    assert read_rules(path).rules == ()


def test_binary_rubbish_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.dl"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe")
    with pytest.raises(InputError) as error:
        read_rules(path)
    assert str(error.value) == "a.dl:1:1: is not text: byte 1 is not UTF-8\n    save it as UTF-8 text"


def test_a_zero_byte_is_named() -> None:
    (fault,) = syntax_faults("@clause c1.\np :- \0q.\n")
    assert fault.split("\n")[0] == "a.dl:2:6: `\\x00` can't stand here"


@pytest.mark.parametrize(
    ("before", "after"), [("on_or_after(monday, ", ")"), ("day(", ")"), ("", " at 10:00"), ("", " + 1 days")]
)
@pytest.mark.parametrize("times", [11, 150, 380])
def test_terms_nested_too_deep_are_refused(before: str, after: str, times: int) -> None:
    term = before * times + "Day" + after * times
    if len(term) < 3_900:
        assert told(f"@clause c1.\nlimit(x, {term}) :- seen(Day).") == (
            "terms are nested more than 10 deep",
            "use a helper predicate",
        )


def test_terms_nested_as_deep_as_they_may_be_are_read() -> None:
    assert syntax_faults(f"@clause c1.\nlimit(x, {'day(' * 10}Day{')' * 10}) :- seen(Day).") == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("as_of + 99999999999999999999 working days", "`99999999999999999999` is too large: a number is at most 1,000,000"),
        ("as_of + " + "9" * 3_000 + " days", f"`{'9' * 60}…` is too large: a number is at most 1,000,000"),
        ("as_of - 25001 working days", "a date is moved by at most 25,000 working days\n    is it the right number?"),
        ("as_of + 101 years", "a date is moved by at most 100 years\n    is it the right number?"),
        ("as_of + 1201 months", "a date is moved by at most 1,200 months\n    is it the right number?"),
        ("as_of + 5201 weeks", "a date is moved by at most 5,200 weeks\n    is it the right number?"),
        ("as_of + 36501 days", "a date is moved by at most 36,500 days\n    is it the right number?"),
        ("0001-01-01 - 1 days", "`0001-01-01` is not between 1900 and 2200"),
    ],
)
def test_numbers_and_days_out_of_all_bounds_are_refused(written: str, expected: str) -> None:
    message, hint = told(f"@clause c1.\nlimit(x, Day) :- seen(Day), Day < {written}.")
    assert "\n    ".join(filter(None, [message, hint])) == expected


def test_faults_without_end_are_not_all_told() -> None:
    found = syntax_faults("@clause c1.\n" + "p(.\n" * 100_000)
    assert found == ["a.dl: has 100,001 statements, expected at most 10,000\n    split it into several files"]
    found = syntax_faults("@clause c1.\n" + "p(.\n" * 9_000)
    assert len(found) == 100
    assert found[-1] == "a.dl:101:1: what follows was not read: there are too many faults\n    put these right first"


def test_brackets_without_end_are_refused() -> None:
    text = "@clause c1.\np" + "(" * 3000 + ".\n"
    (fault,) = syntax_faults(text)
    assert fault.split("\n")[0] == "a.dl:2:3: `(` can't stand here"


def test_a_name_that_begins_like_a_keyword_is_a_name() -> None:
    file = parse_rules("@clause c1.\nnothing :- known_well, not notable, daybreak(at_night), unknown unknowns.\n", "a.dl")
    assert str(file.rules[0]) == (
        "nothing :- known_well, not notable, daybreak(at_night), not known unknowns, not known not unknowns."
    )
