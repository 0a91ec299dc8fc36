"""A record as one HTML file without scripts or external resources, suited for print.

Aims at WCAG 2.2 AA: headings in order, tables with captions and header cells, marks in words besides
colour, visible focus, contrast of at least 4.5:1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from explain.deadlines import when
from explain.filed.content import HISTORY_TOLD, JOURNEY, LEGEND, CitedClause, Content, Due, marked
from explain.tree import Sentence
from explain.words import ADVICE

STYLE = """
:root { color-scheme: light; --ink: #1b1b1b; --soft: #4a4a4a; --line: #b9c2c9; --shown: #1b5e20; --checked: #4a148c;
  --open: #7a3b00; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Arial, sans-serif; }
main { max-width: 54rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; border-bottom: 2px solid var(--ink); padding-bottom: .2rem; break-after: avoid; }
h3 { font-size: 1.05rem; margin: 1.2rem 0 .3rem; break-after: avoid; }
p { margin: .3rem 0 .6rem; }
.answer { font-size: 1.25rem; font-weight: 600; margin: .2rem 0 .8rem; }
.soft { color: var(--soft); }
.box { border: 2px solid var(--ink); border-left-width: .6rem; padding: .6rem 1rem; margin: 1rem 0; break-inside: avoid; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); }
tr { break-inside: avoid; }
.facts th { width: 12rem; font-weight: 600; }
.hash { font-family: ui-monospace, Consolas, monospace; font-size: .85rem; overflow-wrap: anywhere; }
ul { margin: .2rem 0 .6rem; padding-left: 1.3rem; }
ol.cards { list-style: none; padding: 0; margin: .5rem 0; counter-reset: card; }
ol.cards > li { counter-increment: card; border: 1px solid var(--line); border-left: .4rem solid var(--shown);
  border-radius: .3rem; padding: .45rem .8rem; margin: .5rem 0; }
ol.cards > li.checked { border-left: .4rem double var(--checked); }
ol.cards .first::before { content: counter(card) ". "; font-weight: 700; }
summary { cursor: pointer; }
summary:focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
ul.reasons { list-style: none; margin: .3rem 0 .2rem .3rem; padding-left: .9rem; border-left: 2px solid var(--line); }
ul.reasons li { margin: .2rem 0; }
.first, ol.cards > li:not(:has(li)), ul.reasons li:not(:has(li)) { break-inside: avoid; }
.mark { font-size: .8rem; font-weight: 700; white-space: nowrap; }
.shown > .mark, .shown > details > summary > .mark { color: var(--shown); }
.checked > .mark, .checked > details > summary > .mark { color: var(--checked); }
ol.cards > li.open { border-left: .4rem dashed var(--open); }
.open > .mark, .open > details > summary > .mark { color: var(--open); }
td:nth-child(2):not(:last-child) { min-width: 9.5rem; }
footer { break-inside: avoid; }
.cite { font-size: .85rem; border: 1px solid var(--soft); border-radius: .25rem; padding: 0 .35rem; white-space: nowrap; }
.clause { border-top: 1px solid var(--line); padding: .5rem 0; break-inside: avoid; }
.clause h3 { margin: .2rem 0; }
blockquote { margin: .4rem 0; padding: .1rem .9rem; border-left: .3rem solid #37626e; }
footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .6rem; }
@page { size: A4; margin: 16mm 16mm 18mm; }
@media print {
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  summary { list-style: none; }
  summary::-webkit-details-marker { display: none; }
}
"""


def as_html(content: Content, hashes: dict[str, str]) -> str:
    """The record as HTML. `hashes`: names and values of the hashes of its JSON form."""
    title = f"Decision record: case {content.case_id}"
    body = "\n".join(_body(content, title, hashes))
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _body(content: Content, title: str, hashes: dict[str, str]) -> Iterator[str]:
    policy = content.policy
    yield f"<h1>{escape(title)}</h1>"
    yield f"<p>{escape(content.question)}</p>"
    yield f'<p class="answer">{escape(content.headline)}</p>'
    for line in content.contradictions:
        yield f'<div class="box" role="note"><p><strong>{escape(line)}</strong></p></div>'
    yield from _people(content)
    yield '<table class="facts"><caption>What this record is about</caption><tbody>'
    for name, value in about(content):
        yield f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
    yield "</tbody></table>"
    yield f"<p><strong>{escape(ADVICE)}</strong></p>"
    yield from _answer(content)
    yield from _journey(content)
    yield from _why(content)
    yield "<h2>Clauses</h2>"
    yield f"<p>{escape(content.document_told)}</p>"
    for clause in content.clauses:
        yield from _clause(clause)
    if content.readings:
        yield "<h2>How the text was read</h2>"
        yield from _table(
            "Where the text can be read in more than one way, this choice was made",
            ("Choice", "What was chosen", "Why there is a choice"),
            ((reading.name.capitalize(), reading.setting, reading.why) for reading in content.readings),
        )
    yield "<footer><h2>To check this record</h2>"
    yield (
        f"<p>The JSON form of this record of case {escape(content.case_id)} holds all facts, rules and steps. "
        "<code>whichteam verify</code> re-derives the answer from them without the program that gave it.</p>"
    )
    yield '<table class="facts"><caption>Hashes (SHA-256)</caption><tbody>'
    for name, value in [("Policy files", policy.digest), *hashes.items()]:
        yield f'<tr><th scope="row">{escape(name)}</th><td class="hash">{escape(value)}</td></tr>'
    yield "</tbody></table></footer>"


def about(content: Content) -> list[tuple[str, str]]:
    """Names and values for the head of a record."""
    policy, who = content.policy, content.confirmation
    return [
        ("Case", content.case_id),
        ("Day of the answer", content.day),
        ("Policy", f"{policy.name}: {policy.document}"),
        ("Version", policy.version),
        ("Confirmed by" if not who.overridden_to else "Decided by", who.by or "not stated"),
        ("Confirmed on" if not who.overridden_to else "Decided on", spoken(who.on) if who.on else "not stated"),
    ]


def spoken(day: str) -> str:
    """An ISO date, or date and time, in words."""
    return when(day)


def _people(content: Content) -> Iterator[str]:
    who = content.confirmation
    if who.overridden_to:
        yield '<div class="box" role="note">'
        yield f"<p><strong>This answer was set aside: {escape(content.overridden_to)} holds the child.</strong></p>"
        yield f"<p>Reason: {escape(who.reason or '')}</p></div>"


def _answer(content: Content) -> Iterator[str]:
    yield "<h2>The answer in full</h2>"
    for part in content.all_parts:
        yield f"<h3>{escape(part.title)}</h3>"
        if part.title == "Deadlines" and content.deadlines:
            rows = ((due.name, spoken(due.due), due.outcome, basis(due)) for due in content.deadlines)
            yield from _table("What has to be done by when", ("Deadline", "Due", "What became of it", "Basis"), rows)
        elif len(part.lines) == 1:
            yield f"<p>{escape(part.lines[0])}</p>"
        else:
            yield _list(part.lines)
    if not content.all_parts:
        yield "<p>Nothing else follows.</p>"


def _journey(content: Content) -> Iterator[str]:
    yield "<h2>How the child came here</h2>"
    rows = ((stint.team, stint.since, stint.until, stint.began, stint.clauses) for stint in content.stints)
    yield from _table("The teams that have had the child, oldest first", JOURNEY, rows)
    if content.planned:
        yield "<h3>Planned moves</h3>"
        yield _list(content.planned)
    if content.history:
        yield "<h2>History</h2>"
        yield f"<p>{escape(HISTORY_TOLD)}</p>"
        yield _list(content.history)
    if content.wrong_dates:
        yield "<h2>Dates that can't be right</h2>"
        yield _list(content.wrong_dates)


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def basis(due: Due) -> str:
    """What a deadline is counted from, how, and the clause."""
    counted = f" ({due.counted})" if due.counted else ""
    return f"{due.basis}{counted}; {', '.join(due.clauses) or 'no clause of the policy'}"


def _table(caption: str, heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"<table><caption>{escape(caption)}</caption><thead><tr>"
    yield "".join(f'<th scope="col">{escape(head)}</th>' for head in heads) + "</tr></thead><tbody>"
    for first, *others in rows:
        yield f'<tr><th scope="row">{escape(first)}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in others) + "</tr>"
    yield "</tbody></table>"


def _why(content: Content) -> Iterator[str]:
    yield "<h2>Why</h2>"
    yield f'<p class="soft">{escape(LEGEND)}</p>'
    for sentence in content.why:
        yield f"<h3>{escape(sentence.text)}</h3>"
        yield from _cards(sentence.reasons)
    if content.earlier:
        yield "<h3>Earlier moves</h3>"
        yield from _cards(content.earlier)
    for group in content.why_rest:
        yield f"<h3>{escape(group.title)}</h3>"
        yield from _cards(group.sentences)


def _cards(sentences: Iterable[Sentence]) -> Iterator[str]:
    yield '<ol class="cards">'
    for sentence in sentences:
        kind = marked(sentence)[0]
        if sentence.reasons:
            yield f'<li class="{kind}"><details open><summary class="first">{_said(sentence)}</summary>'
            yield from _reasons(sentence.reasons)
            yield "</details></li>"
        else:
            yield f'<li class="{kind}"><span class="first"></span>{_said(sentence)}</li>'
    yield "</ol>"


def _reasons(sentences: Iterable[Sentence]) -> Iterator[str]:
    yield '<ul class="reasons">'
    for sentence in sentences:
        yield f'<li class="{marked(sentence)[0]}">{_said(sentence)}'
        if sentence.reasons:
            yield from _reasons(sentence.reasons)
        yield "</li>"
    yield "</ul>"


def _said(sentence: Sentence) -> str:
    _, mark, text = marked(sentence)
    cite = f' <span class="cite">{escape(sentence.clause)}</span>' if sentence.clause else ""
    again = ' <span class="soft">(reasons shown above)</span>' if sentence.repeated else ""
    return f'<span class="mark">{mark}</span> {escape(text)}{cite}{again}'


def _clause(clause: CitedClause) -> Iterator[str]:
    yield f'<section class="clause"><h3>{escape(clause.cited)}</h3>'
    yield f"<p>{escape(clause.paraphrase)}</p>"
    passages = [line for line in clause.lines if line.passage is not None]
    if passages:
        yield "<blockquote>"
        for line in passages:
            yield f'<p><span class="soft">Line {line.number}:</span> {escape(line.passage or "")}</p>'
        yield "</blockquote>"
    if clause.note:
        yield f'<p class="soft">Noted by a reader: {escape(clause.note)}</p>'
    prints = ", ".join(f"line {line.number} {line.fingerprint}" for line in clause.lines if line.fingerprint)
    if prints:
        yield f'<p class="soft">Fingerprint: <span class="hash">{escape(prints)}</span></p>'
    yield "</section>"
