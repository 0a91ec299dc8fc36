"""A caseload as an Excel workbook: summary, charts, and the sheets given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from explain.caseload.files import safe
from explain.caseload.rows import team_label
from kb import output
from kb.errors import Fault, InputError
from kb.vocabulary.model import Vocabulary
from kb.workbook_writing import making_workbook
from queries.bulk.teams import Summary

MOST_ROWS = 1_048_575  # rows of an Excel sheet, less the header
SHOWN = 10  # bars in a chart
BLUE, ORANGE, GREY, DARK_RED = "0072B2", "E69F00", "7F7F7F", "B22222"  # colour-blind safe
HEADER = PatternFill("solid", fgColor="1F3864")


@dataclass(frozen=True)
class Sheet:
    """Rows under a header; `widths` in characters."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int] = field(default=())


def write_xlsx(
    path: Path, summary: Summary, vocabulary: Vocabulary, about: Sequence[tuple[str, str]], sheets: Sequence[Sheet]
) -> None:
    """Writes the workbook. Errors: `InputError` if there are too many rows or the file can't be written."""
    if summary.children > MOST_ROWS:
        message = f"an Excel sheet has room for {MOST_ROWS:,} rows, and there are {summary.children:,} children"
        raise InputError([Fault("--out", message, "write .csv or .parquet instead")])
    with making_workbook():
        book = Workbook(write_only=True)
        _summary(book, summary, vocabulary, about)
        for sheet in sheets:
            _sheet(book, sheet)
        output.write(path, book.save)


def _sheet(book: Any, sheet: Sheet) -> None:
    page = _page(book, sheet.title)
    page.freeze_panes = "B2"
    for place, width in enumerate(sheet.widths, 1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.append(_header(page, sheet.header))
    count = 1
    for row in sheet.rows:
        page.append([_cell(page, value) for value in row])
        count += 1
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.header))}{count}"


def _page(book: Any, title: str) -> Any:
    """A new sheet, landscape, fitted to the page width in print."""
    page = book.create_sheet(title)
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return page


def _header(page: Any, names: Iterable[str]) -> list[Any]:
    cells = []
    for name in names:
        cell = WriteOnlyCell(page, name)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEADER
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cells.append(cell)
    return cells


def _cell(page: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(page, safe(value)[:32_767])
    cell.data_type = "s"
    return cell


def _most_often(vocabulary: Vocabulary, blocked: dict[str, int]) -> str:
    """The gate that blocks most moves out of a team, with its count."""
    first = next(iter(blocked.items()), None)
    if first is None:
        return ""
    others = f"; and {len(blocked) - 1} more" if len(blocked) > 1 else ""
    return f"{vocabulary.label('gate', first[0])} ({first[1]}){others}"


def _bold(page: Any, text: str, size: int = 11) -> Any:
    cell = WriteOnlyCell(page, text)
    cell.font = Font(bold=True, size=size)
    return cell


TEAM_HEADER = (
    "Team",
    "On record",
    "By policy",
    "Coming in",
    "Going out",
    "Due",
    "Overdue",
    "Most often blocked: not shown that",
)


def _summary(book: Any, summary: Summary, vocabulary: Vocabulary, about: Sequence[tuple[str, str]]) -> None:
    page = _page(book, "Summary")
    for letter, width in zip("ABCDEFGH", (58, 12, 12, 12, 12, 12, 12, 80)):
        page.column_dimensions[letter].width = width
    page.append([_bold(page, "Children and teams", 16)])
    line = 1
    for name, value in about:
        page.append([_bold(page, name), _cell(page, value)])
        line += 1
    page.append([])
    first = line + 2
    page.append(_header(page, TEAM_HEADER))
    for team in summary.teams:
        label = team_label(vocabulary, team.team)
        blocked = _most_often(vocabulary, team.blocked)
        numbers = (team.on_record, team.by_policy, team.coming, team.going, team.due, team.overdue)
        page.append([_cell(page, label), *numbers, _cell(page, blocked)])
    last = first + len(summary.teams)
    blocked_first = _ranking(page, last, "Checks that block moves: not shown that", _labels(vocabulary, "gate", summary.blocked))
    missing = {vocabulary.facts[name].label: count for name, count in summary.missing.items()}
    missing_first = _ranking(
        page, blocked_first + min(SHOWN, len(summary.blocked)), "Facts that nobody recorded, and answers wait for", missing
    )
    teams = len(summary.teams)
    charts = [
        _chart(page, "Children: on record and by policy", first, teams, (2, 3), (BLUE, ORANGE)),
        _chart(page, "Children coming in and going out", first, teams, (4, 5), (BLUE, ORANGE)),
        _chart(page, "Transfers due and overdue", first, teams, (6, 7), (GREY, DARK_RED)),
        _chart(page, "What blocks moves (children)", blocked_first, min(SHOWN, len(summary.blocked)), (2,), (DARK_RED,)),
        _chart(page, "Facts that answers wait for (children)", missing_first, min(SHOWN, len(missing)), (2,), (BLUE,)),
    ]
    pictures = _page(book, "Pictures")
    pictures.page_setup.fitToHeight = 1
    for place, chart in enumerate(chart for chart in charts if chart is not None):
        pictures.add_chart(chart, f"{'AL'[place % 2]}{1 + 23 * (place // 2)}")


def _labels(vocabulary: Vocabulary, kind: str, counts: dict[str, int]) -> dict[str, int]:
    return {vocabulary.label(kind, code): count for code, count in counts.items()}


def _ranking(page: Any, after: int, title: str, counts: dict[str, int]) -> int:
    """Appends a table of the most frequent names; returns the row number of its header. `after` is the last row before it."""
    page.append([])
    page.append(_header(page, (title, "Children")))
    for name, count in list(counts.items())[:SHOWN]:
        page.append([_cell(page, name), count])
    return after + 2


def _chart(page: Any, title: str, header: int, count: int, columns: tuple[int, ...], colours: tuple[str, ...]) -> Any:
    """A bar chart of some columns of a table; `header` is the row of its header, `count` its number of rows."""
    if not count:
        return None
    chart = BarChart()
    chart.type, chart.style, chart.title = "bar", 10, title
    chart.height, chart.width, chart.gapWidth = 11, 20, 45
    for column, colour in zip(columns, colours):
        chart.add_data(Reference(page, min_col=column, min_row=header, max_row=header + count), titles_from_data=True)
        chart.series[-1].graphicalProperties.solidFill = colour
    chart.set_categories(Reference(page, min_col=1, min_row=header + 1, max_row=header + count))
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.x_axis.scaling.orientation = "maxMin"  # the first team on top
    chart.y_axis.number_format = "0"
    chart.y_axis.majorGridlines = None
    chart.legend.position = "b"
    if len(columns) == 1:
        chart.legend = None
    return chart
