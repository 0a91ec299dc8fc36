"""The record in full, as blocks without its own heading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from explain.deadlines import when
from explain.document.blocks import (
    Block,
    Heading,
    Item,
    Items,
    Paragraph,
    Section,
    Table,
    Text,
    cite,
    code,
    items,
    strong,
)
from explain.filed.content import HISTORY_TOLD, JOURNEY, LEGEND, CitedClause, Content, marked
from explain.tree import Sentence
from explain.words import ADVICE


def in_full(content: Content, hashes: dict[str, str]) -> Iterator[Block]:
    """The blocks of a record. `hashes`: names and values of the hashes of its JSON form."""
    yield Paragraph(content.question)
    yield Paragraph(strong(content.headline), "answer")
    yield from (Section((Paragraph(strong(line)),), "note") for line in content.contradictions)
    if content.overridden_to:
        told = strong(f"This answer was set aside: {content.overridden_to} holds the child.")
        yield Section((Paragraph(told), Paragraph(f"Reason: {content.confirmation.reason or ''}")), "note")
    yield Table(tuple(_about(content)), caption="What this record is about", kind="facts")
    yield Paragraph(strong(ADVICE))
    yield from _answer(content)
    yield from _journey(content)
    yield from _why(content)
    yield Heading(2, "Clauses")
    yield Paragraph(content.document_told)
    yield from (Section(tuple(_clause(clause)), "clause") for clause in content.clauses)
    if content.readings:
        yield Heading(2, "How the text was read")
        yield Table(
            tuple((reading.name.capitalize(), reading.setting, reading.why) for reading in content.readings),
            ("Choice", "What was chosen", "Why there is a choice"),
            "Where the text can be read in more than one way, this choice was made",
        )
    yield Section(tuple(_to_check(content, hashes)), "footer")


def _about(content: Content) -> Iterator[tuple[str, str]]:
    """Names and values for the head of a record."""
    policy, who = content.policy, content.confirmation
    done = "Decided" if who.overridden_to else "Confirmed"
    yield "Case", content.case_id
    yield "Day of the answer", content.day
    yield "Policy", f"{policy.name}: {policy.document}"
    yield "Version", policy.version
    yield f"{done} by", who.by or "not stated"
    yield f"{done} on", when(who.on) if who.on else "not stated"


def _answer(content: Content) -> Iterator[Block]:
    yield Heading(2, "The answer in full")
    for part in content.all_parts:
        yield Heading(3, part.title)
        if part.title == "Deadlines" and content.deadlines:
            rows = tuple((due.name, when(due.due), due.outcome, due.told_from) for due in content.deadlines)
            yield Table(rows, ("Deadline", "Due", "What became of it", "Basis"), "What has to be done by when")
        else:
            yield Paragraph(part.lines[0]) if len(part.lines) == 1 else items(*part.lines)
    if not content.all_parts:
        yield Paragraph("Nothing else follows.")


def _journey(content: Content) -> Iterator[Block]:
    yield Heading(2, "How the child came here")
    rows = tuple((stint.team, stint.since, stint.until, stint.began, stint.clauses) for stint in content.stints)
    yield Table(rows, JOURNEY, "The teams that have had the child, oldest first")
    if content.planned:
        yield Heading(3, "Planned moves")
        yield items(*content.planned)
    if content.history:
        yield Heading(2, "History")
        yield Paragraph(HISTORY_TOLD)
        yield items(*content.history)
    if content.wrong_dates:
        yield Heading(2, "Dates that can't be right")
        yield items(*content.wrong_dates)


def _why(content: Content) -> Iterator[Block]:
    yield Heading(2, "Why")
    yield Paragraph(LEGEND, "soft")
    groups = [(sentence.text, sentence.reasons) for sentence in content.why]
    groups += [("Earlier moves", content.earlier)] if content.earlier else []
    for title, sentences in [*groups, *((group.title, group.sentences) for group in content.why_rest)]:
        yield Heading(3, title)
        if sentences:
            yield Items(_reasons(sentences), ordered=True, folds=True, kind="cards")


def _reasons(sentences: Iterable[Sentence]) -> tuple[Item, ...]:
    return tuple(Item(_said(each), _reasons(each.reasons), marked(each)[0]) for each in sentences)


def _said(sentence: Sentence) -> Text:
    _, mark, text = marked(sentence)
    cited = (" ", cite(sentence.clause)) if sentence.clause else ()
    again = (" (reasons shown above)",) if sentence.repeated else ()
    return (strong(f"{mark}:"), f" {text}", *cited, *again)


def _clause(clause: CitedClause) -> Iterator[Block]:
    yield Heading(3, clause.cited)
    yield Paragraph(clause.paraphrase)
    passages = tuple(Paragraph(f"Line {line.number}: {line.passage}") for line in clause.lines if line.passage is not None)
    if passages:
        yield Section(passages, "quote")
    if clause.note:
        yield Paragraph(f"Noted by a reader: {clause.note}", "soft")
    prints = ", ".join(f"line {line.number} {line.fingerprint}" for line in clause.lines if line.fingerprint)
    if prints:
        yield Paragraph(("Fingerprint: ", code(prints)), "soft")


def _to_check(content: Content, hashes: dict[str, str]) -> Iterator[Block]:
    yield Heading(2, "To check this record")
    told = f"The JSON form of this record of case {content.case_id} holds all facts, rules and steps. "
    yield Paragraph((told, code("whichteam verify"), " re-derives the answer from them without the program that gave it."))
    rows = [("Policy files", content.policy.digest), *hashes.items()]
    yield Table(tuple((name, code(value)) for name, value in rows), caption="Hashes (SHA-256)", kind="facts")
