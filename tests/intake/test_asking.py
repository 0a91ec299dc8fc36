"""What a person is asked: only what could change an answer, first what holds up most; and what was answered is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from kb.intake.confirmed import ANSWER, KEPT, NOBODY, SHEET, USED
from tests.helpers import make_policy, whichteam
from tests.intake.books import workbook
from tests.intake.test_annex_a import LIST_1, LIST_5, LIST_6, closing

RULES = """@clause t1.
front_door(alpha).
@clause t2.
route(alpha, beta, handover) :- safeguarding_concern.
@clause t3.
route(alpha, gamma, handover) :- homeless_or_at_risk, not safeguarding_concern.
occurs(handover, On) :- known contact_received_on(On).
"""
SEEN = datetime(2024, 8, 20)


def child(number: int) -> list[Any]:
    return [number, "a) Male", "WBRI", datetime(2015, 3, number), 9]


def council(path: Path, *, police: Sequence[int] = (), housing: Sequence[int] = (), closed: Sequence[int] = ()) -> Path:
    """A workbook of open children with a contact, some with an enquiry, some of whom housing told, and of closed ones."""
    everyone = sorted({*police, *housing})
    contacts = [[*child(n), SEEN, "l) 4: Housing" if n in housing else "q) 6: Police"] for n in everyone]
    enquiries = [[*child(n), "b) No", SEEN, "Yes", None, None, None, "w"] for n in police]
    cases = [[*child(n), *closing(None, "Alpha")[5:]] for n in everyone]
    cases += [[*child(n), *closing(datetime(2024, 5, 1), "Alpha")[5:]] for n in closed]
    referrals: list[list[Any]] = [["Child Unique ID", "Date of Birth", "Date of Referral", "Referral Source"]]
    referrals += [[n, child(n)[3], SEEN, "l) 4: Housing"] for n in housing]
    sheets = {"List 1": [LIST_1, *contacts], "List 3": referrals, "List 5": [LIST_5, *enquiries], "List 6": [LIST_6, *cases]}
    return workbook(path, sheets)


def rows_of(report: Path, sheet: str) -> list[dict[str, Any]]:
    from openpyxl import load_workbook

    heads, *rows = load_workbook(report)[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, heads), row)) for row in rows]


def answer(report: Path, replies: dict[tuple[str, str], str]) -> None:
    """Fills in the column for answers of a report, by child and fact."""
    from openpyxl import load_workbook

    book = load_workbook(report)
    heads = [cell.value for cell in book[SHEET][1]]
    for row in book[SHEET].iter_rows(min_row=2):
        cells = dict(zip(heads, row))
        cells[ANSWER].value = replies.get((str(cells["Child"].value), str(cells["Fact"].value)))
    book.save(report)


def test_only_what_could_change_an_answer_is_asked_first_what_holds_up_most(tmp_path: Path) -> None:
    policy = make_policy(tmp_path, RULES)
    book = council(tmp_path / "annex.xlsx", police=[2, 3, 4], housing=[1], closed=[5])
    report = tmp_path / "report.xlsx"
    ran = whichteam("intake", book, "--policy", policy, "--as-of", "2024-09-03", "--report", report)
    asked = [(row["Child"], row["Fact"], row["Answers held up"]) for row in rows_of(report, SHEET)]
    concern = [(number, "safeguarding_concern", 3) for number in "234"]
    assert asked == [*concern, ("1", "homeless_or_at_risk", 1)]  # of the closed child nothing, whatever the data suggest
    assert "4 to confirm." in ran.out
    assert "more are suggested, but no reply to them would change an answer." in ran.out


def test_what_was_answered_is_kept_from_file_to_file(tmp_path: Path) -> None:
    """A child who is away from the second file and comes back in the third is not asked about again."""
    policy = make_policy(tmp_path, RULES)
    reports = [tmp_path / f"report-{number}.xlsx" for number in range(3)]
    books = [council(tmp_path / f"{n}.xlsx", police=police) for n, police in enumerate(([1, 2], [2], [1, 2]))]

    def intake(number: int, *confirmed: str | Path) -> list[tuple[str, str, str]]:
        arguments = ("--policy", policy, "--as-of", "2024-09-03", "--report", reports[number])
        assert whichteam("intake", books[number], *arguments, *confirmed).code == 0
        return [(row["Child"], row[ANSWER], row["What came of it"]) for row in rows_of(reports[number], KEPT)]

    assert intake(0) == []
    answer(reports[0], {("1", "safeguarding_concern"): "a", ("2", "safeguarding_concern"): "n"})
    second = intake(1, "--confirmed", reports[0])
    assert second == [("1", "yes", NOBODY), ("2", "no", USED)]
    third = intake(2, "--confirmed", reports[1])  # no answer was written into the second report
    assert third == [("1", "yes", USED), ("2", "no", USED)]
    facts = {(row["Child"], row["Name"]): row["Value"] for row in rows_of(reports[2], "Facts")}
    assert (facts["1", "safeguarding_concern"], facts["2", "safeguarding_concern"]) == ("yes", "no")
    assert rows_of(reports[2], SHEET) == []


def test_a_list_of_teams_and_what_names_stand_for_are_given_together(tmp_path: Path) -> None:
    policy = make_policy(tmp_path, RULES)
    contact = {"List 1": [LIST_1, [*child(1), SEEN, "q) 6: Police"]]}
    book = workbook(tmp_path / "annex.xlsx", contact)
    teams, codes, out = tmp_path / "teams.csv", tmp_path / "teams.toml", tmp_path / "cases"
    teams.write_text("child,team,since\n1,Duty 4,20/08/2024\n")
    codes.write_text('[teams]\n"Duty 4" = "beta"\n')
    arguments = ("intake", book, "--policy", policy, "--as-of", "2024-09-03")
    ran = whichteam(*arguments, "--teams", teams, "--teams", codes, "--out", out)
    assert (ran.code, ran.err) == (0, "")
    sources = (out / "sources.tsv").read_text()
    assert "1\tteam_on_record\tteams.csv, teams row 2\n1\twith_team_since\tteams.csv, teams row 2\n" in sources
    teams.write_text("name,colour\nDuty 4,red\n")
    wrong = whichteam(*arguments, "--teams", teams, "--out", tmp_path / "others")
    assert (wrong.code, (tmp_path / "others").exists()) == (2, False)
    assert wrong.err.startswith("error: teams.csv: holds nothing that can be read\n")
