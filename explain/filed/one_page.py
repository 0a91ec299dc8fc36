"""A decision on one page of A4: the answer, three reasons, the checks, what was taken as not so, and who decided.

The full record is its annex. One HTML file without scripts or external resources, suited for print; its length is measured
by a test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from explain.answer import NOTED
from explain.filed import one_page_content as wording
from explain.filed.content import Content
from explain.filed.one_page_content import OnePage, one_page_of
from explain.words import ADVICE

STYLE = Path(__file__).with_suffix(".css")


def one_page(content: Content, hashes: dict[str, str]) -> str:
    """The page as HTML. `hashes`: names and values of the hashes of the record's JSON form."""
    name = f"Decision for case {content.case_id}"
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(name)}</title>\n<style>{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n<main>\n"
        f"{''.join(_body(one_page_of(content, hashes)))}\n</main>\n</body>\n</html>\n"
    )


def _body(page: OnePage) -> Iterator[str]:
    yield (
        f'<header><div><p class="council">{escape(page.council)}</p><p>{wording.KIND}</p></div><div class="case">'
        f"<p><strong>Case {escape(page.case_id)}</strong></p><p>For {escape(page.day)}</p></div></header>"
    )
    shown = "".join(f'<span class="{mark.kind}">{mark.sign} {escape(mark.words)}</span>' for mark in page.marks)
    yield f'<p class="marks">{shown}</p>'
    yield f"<h1>{escape(page.title)}</h1>"
    yield f"<p>{escape(page.lead)}</p>"
    if page.noted:
        yield f"<h2>{NOTED}</h2>{_list(page.noted)}{_more(page.noted_more)}"
    yield f"<h2>{wording.REASONS}</h2><ol>"
    for text, clause in page.reasons:
        cite = f' <span class="cite">{escape(clause)}</span>' if clause else ""
        yield f"<li>{escape(text)}.{cite}</li>"
    yield '</ol><div class="two"><div>'
    yield from _checks(page)
    yield "</div><div>"
    yield from _beside(page)
    yield "</div></div>"
    yield f'<section class="who"><h2>{wording.WHO}</h2><table>'
    for name, value in page.who:
        yield f'<tr><th scope="row">{name}</th><td>{escape(value)}</td></tr>'
    yield "</table></section>"
    yield from _foot(page)


def _checks(page: OnePage) -> Iterator[str]:
    if not page.checks:
        return
    yield f'<h2>{wording.CHECKS}</h2><table class="checks">'
    for name, reply, is_open in page.checks:
        kind = ' class="open"' if is_open else ""
        yield f'<tr><th scope="row">{escape(name)}</th><td{kind}>{reply}</td></tr>'
    yield f"</table><p>{page.checks_told}</p>{_more(page.checks_more)}"


def _beside(page: OnePage) -> Iterator[str]:
    """What stands beside the checks: what was taken as not so, limits, and where clauses differ."""
    if page.assumed:
        yield f"<h2>{wording.ASSUMED}</h2><p>{wording.ABOUT_ASSUMED}</p>{_list(page.assumed)}"
        yield _more(page.assumed_more)
    if page.limits:
        yield f"<h2>{wording.LIMITS}</h2><table>"
        for name, became in page.limits:
            yield f'<tr><th scope="row">{escape(name)}</th><td>{escape(became)}</td></tr>'
        yield f"</table>{_more(page.limits_more)}"
    if page.two_ways:
        yield f"<h2>{wording.TWO_WAYS}</h2>{_list(page.two_ways)}"


def _foot(page: OnePage) -> Iterator[str]:
    yield (
        f"<footer><p><strong>Policy</strong> {escape(page.policy)} "
        f"{wording.ABOUT_CLAUSES} <strong>{escape(ADVICE)}</strong></p><p><strong>Clauses</strong> {escape(page.clauses)}</p>"
    )
    for name, value in page.hashes:
        yield f'<p><strong>{escape(name)}</strong> <span class="hash">{escape(value)}</span></p>'
    yield f"<p><strong>Annex</strong> the full record with its proof: record-{escape(page.case_id)}.json</p></footer>"


def _more(told: str) -> str:
    return f"<p>{told}</p>" if told else ""


def _list(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
