"""The report as one HTML file without scripts or anything from elsewhere, laid out for two printed pages.

Aims at WCAG 2.2 AA: headings in order, a table with caption and header cells, contrast of at least 4.5:1.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from explain.escape import visible
from explain.report.content import COUNTED, Block, Content, letter, rows

STYLE = """
:root { color-scheme: light; --ink: #1b1b1b; --soft: #4a4a4a; --line: #b9c2c9; --mend: #1b5e20; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink); font: 1rem/1.45 system-ui, "Segoe UI", Arial, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; margin: 1.2rem 0 .4rem; border-bottom: 2px solid var(--ink); break-after: avoid; }
h2.question { font-size: 1rem; line-height: 1.25; margin: 0 0 .2rem; border: 0; }
p { margin: .2rem 0 .5rem; }
.soft { color: var(--soft); }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); padding-bottom: .2rem; }
th, td { text-align: left; vertical-align: top; padding: .15rem .7rem .15rem 0; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; white-space: nowrap; }
.flow { columns: 2; column-gap: 1.4rem; margin-top: .8rem; }
.block { break-inside: avoid; border-left: .3rem solid var(--ink); padding: 0 0 .1rem .6rem; margin: 0 0 .8rem; }
dl { margin: 0; }
dl div { margin: .1rem 0; }
dt { display: inline; font-weight: 700; }
dt::after { content: ": "; }
dd { display: inline; margin: 0; overflow-wrap: anywhere; }
.redline dd, .mend { color: var(--mend); }
.annex { color: var(--soft); font-size: .9em; }
.flow ul { margin: .2rem 0 .4rem; padding-left: 1.1rem; }
.box { border: 2px solid var(--ink); padding: .3rem .7rem; break-inside: avoid; }
.box h2 { border: 0; margin-top: .1rem; }
@media (max-width: 48rem) { .flow { columns: 1; } }
@page { size: A4; margin: 10mm 11mm 10mm; }
@media print {
  body { font-size: 7pt; line-height: 1.2; }
  main { max-width: none; padding: 0; }
  .flow { columns: 2; column-fill: auto; column-gap: 5mm; margin-top: 1.5mm; }
  .block { margin-bottom: 1.4mm; }
  li { break-inside: avoid; }
  h1 { font-size: 13pt; } h2 { font-size: 9.5pt; margin: 1.5mm 0 .8mm; } h2.question { font-size: 8.2pt; margin: 0 0 .3mm; }
  th, td { padding-top: 0; padding-bottom: 0; }
}
"""


def as_html(content: Content) -> str:
    """The report as HTML."""
    body = "\n".join(_body(content))
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(content.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _text(text: str) -> str:
    return escape(visible(text))


def _body(content: Content) -> Iterator[str]:
    yield f"<h1>{_text(content.title)}</h1>"
    yield f'<p class="soft">{_text(content.about)}</p>'
    yield from _table(content)
    yield '<div class="flow">'
    for block in content.blocks:
        yield from _block(block)
    if content.causes:
        yield "<section><h2>Further causes</h2><ul>"
        for number, (cause, lines, question, redline) in enumerate(content.causes, 1):
            yield f"<li><strong>{letter(number)}. {_text(cause)}</strong> (lines {_text(lines)}): {_text(question)} "
            yield f'<span class="mend">{_text(redline)}</span></li>'
        yield "</ul>"
        yield f'<p class="soft">{_text(content.more)}</p></section>' if content.more else "</section>"
    yield '<section class="box"><h2>Housekeeping</h2>'
    if content.housekeeping:
        yield "<ul>"
        yield from (f"<li>{_text(what)} ({_text(where)})</li>" for what, where in content.housekeeping)
        yield "</ul>"
    yield f'<p class="soft">{_text(content.housekeeping_told)}</p></section>'
    index = "; ".join(f"{_text(lines)}:&nbsp;<strong>{_text(told)}</strong>" for lines, told in content.index)
    yield f"<section><h2>Index by line</h2><p>{index}.</p></section>"
    yield '<section class="soft"><h2>What this rests on</h2><ul>'
    yield from (f"<li>{_text(line)}</li>" for line in content.basis)
    yield "</ul></section></div>"


def _table(content: Content) -> Iterator[str]:
    children = content.cases is not None
    yield "<table><caption>Settle these first</caption><thead><tr>"
    yield '<th scope="col" class="n">No.</th><th scope="col">To settle</th><th scope="col">Lines</th>'
    yield from (f'<th scope="col" class="n">{what}</th>' for what in COUNTED)
    if children:
        yield f'<th scope="col" class="n">Children of {content.cases}</th>'
    yield "</tr></thead><tbody>"
    for block in content.blocks:
        count = f'<td class="n">{block.children}</td>' if children else ""
        counts = "".join(f'<td class="n">{number}</td>' for number in block.counts)
        yield (
            f'<tr><td class="n">{block.number}</td><th scope="row">{_text(block.cause)}</th><td>{_text(block.lines)}</td>'
            f"{counts}{count}</tr>"
        )
    yield "</tbody></table>"


def _block(block: Block) -> Iterator[str]:
    yield f'<section class="block"><h2 class="question">{block.number}. {_text(block.question)}</h2><dl>'
    for label, text in rows(block):
        kind = f' class="{label.lower()}"' if label in ("Redline", "Annex") else ""
        yield f"<div{kind}><dt>{label}</dt><dd>{_text(text)}</dd></div>"
    yield "</dl></section>"
