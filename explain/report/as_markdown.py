"""The report as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from explain.escape import markdown
from explain.report.content import COUNTED, Content, letter, rows


def as_markdown(content: Content) -> str:
    """The report as a Markdown page."""
    return "\n".join(_lines(content)) + "\n"


def _lines(content: Content) -> Iterator[str]:
    yield f"# {markdown(content.title)}"
    yield ""
    yield markdown(content.about)
    yield ""
    children = content.cases is not None
    yield f"| | to settle | lines | {' | '.join(COUNTED).lower()} |{f' children of {content.cases} |' if children else ''}"
    yield f"|---|---|---|---|---|---|{'---|' if children else ''}"
    for block in content.blocks:
        counts = (*block.counts, block.children) if children else block.counts
        yield f"| {block.number} | {markdown(block.cause)} | {block.lines} | {' | '.join(map(str, counts))} |"
    for block in content.blocks:
        yield ""
        yield f"## {block.number}. {markdown(block.question)}"
        yield ""
        yield from (f"- **{label}:** {markdown(text)}" for label, text in rows(block))
    if content.causes:
        yield ""
        yield "## Further causes"
        yield ""
        for number, (cause, lines, question, redline) in enumerate(content.causes, 1):
            told = f"{markdown(question)} *Redline:* {markdown(redline)}"
            yield f"- **{letter(number)}. {markdown(cause)}** (lines {lines}): {told}"
        if content.more:
            yield ""
            yield content.more
    yield ""
    yield "## Index by line"
    yield ""
    yield "; ".join(f"{lines}: **{told}**" for lines, told in content.index) + "."
    yield ""
    yield "## Housekeeping"
    yield ""
    yield from (f"- {markdown(what)} ({markdown(where)})" for what, where in content.housekeeping)
    if content.housekeeping:
        yield ""
    yield markdown(content.housekeeping_told)
    yield ""
    yield "## What this rests on"
    yield ""
    yield from (f"- {markdown(line)}" for line in content.basis)
