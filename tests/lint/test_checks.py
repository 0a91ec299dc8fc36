"""Each check of a document: good and bad texts side by side, with everything that is found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from kb.edition import Block, Edition
from queries.lint import CHECKS, check_names, lint

DAY = date(2025, 3, 3)


def edition(lines: Sequence[str]) -> Edition:
    return Edition("it.txt", tuple(Block(line, f"line {n}") for n, line in enumerate(lines, 1)))


def said(check: str, *lines: str, as_of: date = DAY) -> list[tuple[str, str]]:
    """What a check finds in some lines: statement, and places by their numbers."""
    found = lint(edition(lines), as_of, only=[check]).findings
    return [(finding.says, " ".join(place.removeprefix("line ") for place in finding.places)) for finding in found]


#: Check, bad lines, what is found, good lines.
BOTH: list[tuple[str, list[str], list[tuple[str, str]], list[str]]] = [
    (
        "contents",
        ["Contents", "1. Aims 2", "2. Moves 1", "3. Files 3", "1. Aims", "It has aims.", "4. Files", "Files move."],
        [
            ("The contents put section 2, “Moves” on page 1, before the section above it (page 2).", "2 3"),
            ("The contents list section 2, “Moves”, which the body does not have.", "3"),
            ("“Files” is 3 in the contents and 4 in the body.", "4 7"),
        ],
        ["Contents", "1. Aims 1", "2. Files ..... 3", "1. Aims", "It has aims.", "2. Files", "Files move."],
    ),
    (
        "numbering",
        ["1. Aims", "a) one thing;", "b) another;", "b) a third.", "2. Moves", "2.1 First", "2.3 Third", "2. Files", "5. Rest"],
        [
            ("Letter b is used twice in a list.", "3 4"),
            ("Section number 2 is used twice.", "5 8"),
            ("Section 2.3 follows section 2.1: there is no section 2.2.", "7"),
            ("Section 5 follows section 2: there is no section 3 or 4.", "9"),
        ],
        ["1. Aims", "a) one thing;", "b) another;", "2. Moves", "a) anew.", "2.1 First", "2.2 Second", "3. Files"],
    ),
    (
        "references",
        [
            "1. Aims",
            "As set out in section 4.2 and in Appendix C.",
            "This is known (Smith and Jones, 2018).",
            "A visit (urgent) 1 is made.",
        ],
        [
            ("It refers to section 4.2, which it does not have.", "2"),
            ("Appendix C is cited and not attached.", "2"),
            ("A stray 1 stands in the text; if it marks a footnote, there is none.", "4"),
            ("Sources are cited by name and year, and there is no list of references.", "3"),
        ],
        [
            "1. Aims",
            "An enquiry under section 47, see section 1 and Appendix C.",
            "It is known (Smith, 2018).",
            "Appendix C",
            "References",
        ],
    ),
    (
        "empty-fields",
        ["Owner: A. Person", "Version:", "Date of issue: TBC", "Sent to [insert name].", "Form B: to follow"],
        [
            ("“TBC” was left to be filled in.", "3"),
            ("“[insert name]” was left to be filled in.", "4"),
            ("“: to follow” was left to be filled in.", "5"),
            ("The field “Version” is empty.", "2"),
        ],
        ["Owner: A. Person", "Version: 2", "The manager sees to three things:", "- a file [sic];", "- a form: to follow it up"],
    ),
    (
        "dates",
        [
            "Next review date: 2 March 2025",
            "Effective from 1 April 2025",
            "Held on Tuesday 4 March 2025",
            "Held on Monday 4 March 2025",
            "Due 30/02/2024",
            "The Neglect Strategy 2017-2020 applies.",
            "Next review: Spring 2024",
            "Review",
            "03/22",
        ],
        [
            ("The review date, 2 March 2025, has passed.", "1"),
            ("The review date, 2 March 2025, is before 1 April 2025, from which it counts.", "1 2"),
            ("The review date, Spring 2024, is before 1 April 2025, from which it counts.", "2 7"),
            ("The review date, 03/22, is before 1 April 2025, from which it counts.", "2 9"),
            ("Monday 4 March 2025 was a Tuesday, not a Monday.", "4"),
            ("There is no day “30/02/2024”.", "5"),
            ("“Neglect Strategy 2017-2020” ran out at the end of 2020.", "6"),
            ("The review date, Spring 2024, has passed.", "7"),
            ("The review date, 03/22, has passed.", "9"),
        ],
        [
            "Next review date: March 2025",
            "Effective from 1 April 2024",
            "Held on Tuesday 4 March 2025",
            "Due 29/02/2024",
            "The Neglect Strategy 2024-27",
            "Next review: Autumn 2025",
            "Reviewed by the panel of 2023",
            "Review",
            "2026",
        ],
    ),
    (
        "replaced",
        ["See Working Together to Safeguard Children (DfE), 2018.", "A residence order was made."],
        [
            (
                "It cites Working Together to Safeguard Children of an earlier edition, in whose place Working Together to "
                "Safeguard Children 2023 came on 15 December 2023 (Department for Education).",
                "1",
            ),
            (
                "It cites a residence order or contact order, in whose place a child arrangements order came on 22 April 2014 "
                "(Children and Families Act 2014, section 12).",
                "2",
            ),
        ],
        ["See Working Together to Safeguard Children 2023.", "A child arrangements order was made."],
    ),
    (
        "cited-documents",
        [
            "Title",
            "Owner",
            "The worker follows the Northmoor Homelessness Protocol.",
            "It is outlined in Living Well with Families in Northmoor.",
        ],
        [
            ("“Northmoor Homelessness Protocol” is relied on, and neither attached nor listed with an address.", "3"),
            ("“Living Well with Families in Northmoor” is relied on, and neither attached nor listed with an address.", "4"),
        ],
        [
            "Title",
            "Owner",
            "See the Northmoor Homelessness Protocol (https://example.org/p).",
            "The Children Act 1989 Guidance applies.",
        ],
    ),
    (
        "names",
        ["The Intake and Assessment Team visits.", "The Intake & Assessment Service writes.", "The Assessment Team reads."],
        [
            (
                "What seems to be one team or service has 3 names: “Intake and Assessment Team” (line 1); “Intake & Assessment "
                "Service” (line 2); “Assessment Team” (line 3).",
                "1 2 3",
            )
        ],
        [
            "The Assessment Team visits.",
            "The Assessment Teams write.",
            "The Family Team and the Court Team read.",
            "An assessment team",
        ],
    ),
    (
        "terms",
        ["A looked after child moves.", "A cared for child stays.", "Under section 20 and s.20 alike."],
        [
            ("The document has 2 terms for a child in the council's care: “looked after” (line 1); “cared for” (line 2).", "1 2"),
            ("Section 20 is written in 2 ways: “section 20” (line 3); “s.20” (line 3).", "3"),
        ],
        ["A looked after child moves.", "The carers cared for him.", "Under section 20 and Section 20."],
    ),
    (
        "acronyms",
        [
            "A PLO meeting.",
            "The IRO is told.",
            "The Independent Reviewing Officer (IRO).",
            "A Child Plan (CP) is no Child Protection (CP).",
        ],
        [
            ("CP stands for two things: “Child Plan” and “Child Protection”.", "4"),
            ("PLO is never spelt out.", "1"),
            ("IRO is used before it is spelt out.", "2 3"),
        ],
        [
            "A Public Law Outline (PLO) meeting.",
            "The PLO is the NHS's own.",
            "Forced Marriage/Honour Based Violence (FM/HBV)",
            "IT IS NOT SO",
        ],
    ),
    (
        "repeats",
        [
            "The manager tells the family within 5 days of the decision.",
            "The manager tells the family within 9 days of the decision.",
            "The worker must write the summary before the first visit to the home.",
            "The worker should write the summary before the first visit to the home.",
            "He reads the the file.",
        ],
        [
            ("Two sentences are alike but for a figure: “5” and “9”.", "1 2"),
            ("Two sentences are alike but for how firm they are: “must” and “should”.", "3 4"),
            ("“the” stands twice in a row.", "5"),
        ],
        ["The manager tells the family within 5 days of the decision.", "The worker who had had it writes that that is so."],
    ),
    (
        "broken-text",
        [
            "The worker (with the family visits.",
            "The move will take place is on Monday.",
            "The visit is made.  It follows enquiries Consideration should be given to it.",
            "With much consideration the childs file moves",
            "1. Empty",
            "2. Next",
            "It says “so.",
            "The team keeps a list. It is",
        ],
        [
            ("A “(” is opened and not closed.", "1"),
            ("Two verbs stand where one belongs.", "2"),
            ("A stop is missing before “Consideration”.", "3"),
            ("“childs” is a slip.", "4"),
            ("A ““” is opened and not closed.", "7"),
            ("A sentence breaks off after “is”.", "8"),
            ("The section “Empty” has no text.", "5"),
        ],
        [
            "The worker (with the family) visits.",
            "a) It starts with (one) and “two”.",
            "The team’s file, the one it works with.",
            "1. Full",
            "Text.",
            "The worker writes to",
            "- the family;",
            "- the school it is known to",
        ],
    ),
    (
        "limits",
        [
            "Done within 10 days.",
            "Done within 10 working days of the visit.",
            "Children under 14 stay.",
            "Children over 14 move.",
            "An outing (12 months)",
        ],
        [
            ("“10 days” does not say whether working or calendar days are meant.", "1"),
            ("“10 days” has no start: it is not said from which day it counts.", "1"),
            (
                "A child of exactly 14 falls under neither: what is below 14 and what is above it is told, and 14 itself is not.",
                "3 4",
            ),
            ("“12 months” stands in brackets, and it is not said what it limits or from when.", "5"),
        ],
        [
            "Within 10 calendar days of the visit.",
            "Children under 14 stay.",
            "Children of 14 and over move.",
            "For 3 months from the order.",
        ],
    ),
    (
        "duties",
        [
            "The family must be told.",
            "The worker must tell the family.",
            "Families will be informed by Friday.",
            "Letters to be sent.",
        ],
        [
            ("The duty “The family must be told” says neither who does it nor by when.", "1"),
            ("The duty “Families will be informed by Friday” says not who does it.", "3"),
            ("The duty “Letters to be sent” says neither who does it nor by when.", "4"),
            ("The duty “The worker must tell the family” says not by when.", "2"),
        ],
        [
            "The worker must tell the family before the move.",
            "The team manager makes sure of this:",
            "- the family must be told on the day.",
            "The plan is for letters to be sent.",
            "Letters to be sent by the manager on the day:",
        ],
    ),
    (
        "disputes",
        [
            "Team managers escalate a dispute to the service manager.",
            *["The file moves."] * 9,
            "A dispute goes to the head of service.",
        ],
        [
            (
                "Who settles what the managers do not agree on is told in 2 ways: service manager and team manager (line 1); "
                "head of service (line 11).",
                "1 11",
            )
        ],
        ["Team managers escalate a dispute to the service manager.", "What is not resolved goes to the head of service."],
    ),
    (
        "vague-words",
        ["The worker will visit as soon as possible.", "The child must be seen promptly."],
        [
            ("“as soon as possible” and the like decide here, and leave open by when.", "1"),
            ("“in a timely way” and the like decide here, and leave open by when.", "2"),
        ],
        ["The worker will visit within a day of the move.", "Serious harm is significant harm.", "A prompt start."],
    ),
]


@pytest.mark.parametrize(("check", "bad", "found", "good"), BOTH, ids=[row[0] for row in BOTH])
def test_good_and_bad(check: str, bad: list[str], found: list[tuple[str, str]], good: list[str]) -> None:
    assert said(check, *bad) == found
    assert said(check, *good) == []


def test_every_check_is_tried() -> None:
    assert {row[0] for row in BOTH} | {"topics", "register"} == set(check_names())
    assert len(set(check_names())) == len(CHECKS)


def test_a_law_counts_as_replaced_from_its_day_on() -> None:
    line = "Working Together to Safeguard Children 2018 applies."
    assert said("replaced", line, as_of=date(2023, 12, 14)) == []
    assert len(said("replaced", line, as_of=date(2023, 12, 15))) == 1


def test_a_long_policy_is_asked_what_it_leaves_out() -> None:
    filler = [f"The team that is named in row {n} of the table makes the transfer on the day of the meeting." for n in range(70)]
    long = ["A dispute goes to the service manager.", *filler]
    missing = "It nowhere says who holds the child until a dispute is settled."
    assert missing in [says for says, _ in said("topics", *long)]
    until = "Until the dispute is settled the sending team holds the child."
    assert missing not in [says for says, _ in said("topics", *long, until)]
    assert said("topics", *long[:30]) == []
