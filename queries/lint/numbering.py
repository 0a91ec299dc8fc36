"""Section numbers and list letters that are missing, repeated or out of order."""

from __future__ import annotations

from collections.abc import Iterator

from kb.lint.text import Paragraph
from queries.lint.finding import Finding, Subject

NAME = "numbering"
_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]


def find(subject: Subject) -> Iterator[Finding]:
    """Reports each place at which a number does not follow the one before it on its level."""
    body = subject.text.body
    sections = [p for p in body if p.number and (p.heading or "." in p.number)]
    yield from _sections(sections)
    yield from _items([p for p in body if p.number and not p.heading and "." not in p.number])
    yield from _letters(body)
    yield from _styles(subject, [p for p in sections if p.heading])


def _sections(sections: list[Paragraph]) -> Iterator[Finding]:
    last: dict[tuple[int, ...], int] = {}
    seen: dict[str, Paragraph] = {}
    top: tuple[int, ...] = ()
    for paragraph in sections:
        parts = tuple(map(int, paragraph.number.split(".")))
        parent, number = parts[:-1], parts[-1]
        first = seen.setdefault(paragraph.number, paragraph)
        if first is not paragraph:
            yield _finding(f"Section number {paragraph.number} is used twice.", (first, paragraph), "number them anew")
            continue
        if parent and top and parent[0] != top[0]:
            says = f"Section {paragraph.number} stands under section {top[0]}."
            yield _finding(says, (paragraph,), "number it anew, or move it")
        before = last.get(parent, 0)
        if number < before:
            yield _finding(
                f"Section {paragraph.number} comes after section {_name(parent, before)}.", (paragraph,), "put them in order"
            )
        elif number > before + 1 and (before or number > 2 or not parent):
            missing = [_name(parent, n) for n in range(before + 1, number)]
            whose = (
                f"Section {paragraph.number} follows section {_name(parent, before)}"
                if before
                else f"The first is {paragraph.number}"
            )
            says = f"{whose}: there is no section {' or '.join(missing[:4])}."
            yield _finding(says, (paragraph,), "number it anew, or put back what is missing")
        last[parent] = max(before, number)
        top = parts if len(parts) == 1 else top or parts[:1]


def _items(items: list[Paragraph]) -> Iterator[Finding]:
    """Lists of numbered paragraphs that are no headings: 1, 2, 4."""
    above: Paragraph | None = None
    for item in items:
        if above is not None and above.stop == item.stop and item.index - above.index <= 6:
            before, now = int(above.number), int(item.number)
            if now == before or now == before + 2:
                says = f"Number {now} is used twice in a list." if now == before else f"The list goes from {before} to {now}."
                yield _finding(says, (above, item), "number the list anew, or put back what is missing")
        above = item


def _letters(body: tuple[Paragraph, ...]) -> Iterator[Finding]:
    above: Paragraph | None = None
    for item in (p for p in body if p.letter):
        if above is not None and item.index - above.index <= 4:
            step = _place(item.letter) - _place(above.letter)
            if item.letter in _ROMAN and above.letter in _ROMAN and len(item.letter + above.letter) > 2:
                step = _ROMAN.index(item.letter) - _ROMAN.index(above.letter)
            if step == 0 or step == 2:
                way = (
                    f"Letter {item.letter} is used twice in a list."
                    if not step
                    else f"The list goes from {above.letter} to {item.letter}."
                )
                yield _finding(way, (above, item), "letter the list anew, or put back what is missing")
        above = item


def _place(letter: str) -> int:
    return ord(letter[0]) if len(letter) == 1 else 1_000 + _ROMAN.index(letter) if letter in _ROMAN else 0


def _styles(subject: Subject, headings: list[Paragraph]) -> Iterator[Finding]:
    """Headings of one level of which few have another style of number, or a bullet in front."""
    for heading in headings:
        if heading.bullet:
            says = f"A bullet stands in front of the heading of section {heading.number}."
            yield Finding(NAME, "fault", says, (heading.place,), heading.text[:60], "take the bullet away")
    for depth in sorted({heading.number.count(".") for heading in headings}):
        level = [heading for heading in headings if heading.number.count(".") == depth]
        odd = [heading for heading in level if bool(heading.stop) != bool(level[0].stop)]
        few = odd if 2 * len(odd) <= len(level) else [heading for heading in level if heading not in odd]
        if few and len(level) > 2:
            names = ", ".join(heading.number + heading.stop for heading in few)
            usual = next(heading for heading in level if heading not in few)
            says = f"Section numbers are written in two ways: {names}, but elsewhere as {usual.number}{usual.stop}."
            yield Finding(NAME, "note", says, subject.ordered(h.place for h in few), advice="write them alike")


def _name(parent: tuple[int, ...], number: int) -> str:
    return ".".join(map(str, (*parent, number)))


def _finding(says: str, at: tuple[Paragraph, ...], advice: str) -> Finding:
    return Finding(NAME, "fault", says, tuple(paragraph.place for paragraph in at), at[-1].text[:60], advice)
