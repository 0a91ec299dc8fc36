"""Proof cards and tiles as HTML.

Pure functions from `Sentence` to HTML, with the wording of the filed decision. All text is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from explain.deadlines import AHEAD, LATE, PASSED, RUNNING, UNDONE
from explain.filed.as_html import spoken
from explain.filed.content import CitedClause, Content, Due, marked
from explain.tree import Sentence
from kb.dates import iso

NOTHING_HOLDS_UP = "Nothing recorded holds it up."
DUE_SHOWN = 2
FOLDED_FROM = 2  # a card about something that does not hold is folded if it has more reasons than this


@dataclass(frozen=True)
class Tile:
    """A tile below the answer: name, main line and further lines."""

    name: str
    first: str
    rest: tuple[str, ...] = ()


def tiles(content: Content) -> list[Tile]:
    """The tiles for the move, its deadline and what holds it up."""
    lines = {part.title: part.lines for part in content.parts}
    moves = lines.get("The move", ())
    holding, unconfirmed = lines.get("What holds it up", ()), lines.get("Not confirmed", ())
    more = [f"{len(unconfirmed)} check{'s' if len(unconfirmed) != 1 else ''} not confirmed."] if unconfirmed else []
    first = holding[0] if holding else NOTHING_HOLDS_UP
    return [
        Tile("The move", moves[0] if moves else "No move is due or under way.", lines.get("Further moves", ())[:1]),
        _by_when(content),
        Tile("What holds it up", first, (*holding[1:], *more)),
    ]


def _by_when(content: Content) -> Tile:
    dues = [(due.due, _due(due)) for due in content.deadlines if due.outcome in (AHEAD, RUNNING)]
    ahead = [text for _, text in sorted([*_coming(content), *dues])]
    counts = _counts("not kept", [due for due in content.deadlines if due.outcome.startswith((LATE, UNDONE))])
    counts += _counts("passed, not recorded whether kept", [due for due in content.deadlines if due.outcome == PASSED])
    if not ahead:
        return Tile("By when", "No deadline lies ahead.", tuple(counts))
    return Tile("By when", ahead[0], (*ahead[1:DUE_SHOWN], *counts))


def _coming(content: Content) -> list[tuple[str, str]]:
    """ISO day and text of the next move, if its day is known and not past; a list of at most one."""
    move = content.decision.transfer
    if move is None or move.on is None or move.status != "upcoming" or move.on < iso(content.decision.case.as_of):
        return []
    return [(move.on, f"{spoken(move.on)}: {content.policy.vocabulary.label('point', move.point)}.")]


def _counts(word: str, dues: list[Due]) -> list[str]:
    if not dues:
        return []
    return [f"{len(dues)} {word}: {', '.join(dict.fromkeys(due.name[:1].lower() + due.name[1:] for due in dues))}."]


def _due(due: Due) -> str:
    counted = f" ({due.counted})" if due.counted else ""
    return f"{spoken(due.due)}: {due.name[:1].lower() + due.name[1:]}{counted}."


def tiles_html(shown: Iterable[Tile]) -> str:
    return f'<div class="wt-tiles">{"".join(map(_tile, shown))}</div>'


def _tile(tile: Tile) -> str:
    rest = "".join(f'<p class="more">{escape(line)}</p>' for line in tile.rest)
    name, first = escape(tile.name), escape(tile.first)
    return f'<div class="wt-tile"><p class="name">{name}</p><p class="first">{first}</p>{rest}</div>'


class Cards:
    """Renders the cards of one answer. `clauses` maps clause ids to the cited clauses."""

    def __init__(self, clauses: Mapping[str, CitedClause]):
        self.clauses = clauses

    def card(self, number: int, sentence: Sentence, kind: str = "") -> str:
        """One numbered card with folding reasons and its clause. `kind` overrides the kind taken from the sentence."""
        shown = kind or marked(sentence)[0]
        label = f'<span class="num">{number}.</span> {self._said(sentence)}'
        chip = self.chip(sentence)
        if sentence.reasons:
            reasons = "".join(self._reasons(sentence.reasons))
            open_ = "" if shown == "checked" and len(sentence.reasons) > FOLDED_FROM else " open"
            inside = f'<details{open_}><summary class="{shown}">{label}</summary>{reasons}</details>'
        else:
            inside = f'<div class="{shown}">{label}</div>'
        return f'<div class="wt-card {shown}">{inside}{chip}</div>'

    def group(self, title: str, sentences: Iterable[Sentence]) -> str:
        """Cards under a heading, for the reasons of another part of the answer."""
        cards = "".join(f'<li style="margin:.4rem 0">{self.card(n, s)}</li>' for n, s in enumerate(sentences, 1))
        return f'<div class="wt-part"><h3>{escape(title)}</h3><ol style="list-style:none;padding:0;margin:0">{cards}</ol></div>'

    def chip(self, sentence: Sentence) -> str:
        """The clause of a sentence as a folded element with paraphrase and, if a document was given, its passage."""
        clause = self.clauses.get(sentence.clause_id)
        if not sentence.clause or clause is None:
            return ""
        name = escape(sentence.clause.removeprefix("clause "))
        return f'<details class="chip"><summary>{name}</summary>{clause_html(clause)}</details>'

    def _said(self, sentence: Sentence) -> str:
        _, mark, text = marked(sentence)
        again = ' <span class="soft">(reasons shown above)</span>' if sentence.repeated else ""
        return f'<span class="mark">{mark}</span> {escape(text)}{again}'

    def _reasons(self, sentences: Iterable[Sentence]) -> Iterator[str]:
        yield '<ul class="reasons">'
        for sentence in sentences:
            below = "".join(self._reasons(sentence.reasons)) if sentence.reasons else ""
            kind = marked(sentence)[0]
            yield f'<li class="line"><div class="{kind}">{self._said(sentence)}</div>{self.chip(sentence)}{below}</li>'
        yield "</ul>"


def clause_html(clause: CitedClause) -> str:
    """A clause as HTML: paraphrase, note, and the council's passage if its document was given."""
    passages = [line for line in clause.lines if line.passage is not None]
    quoted = "".join(f"<p>Line {line.number}: {escape(line.passage or '')}</p>" for line in passages)
    note = f'<p class="soft">Noted by a reader: {escape(clause.note)}</p>' if clause.note else ""
    ours = f'<div class="says"><p>{escape(clause.paraphrase)}</p>{note}</div>'
    return ours + (f"<blockquote>{quoted}</blockquote>" if passages else "")


def facts_of(sentence: Sentence) -> tuple[str, ...]:
    """Names of the case facts that a sentence and its reasons look at, each once."""
    names = dict.fromkeys(sentence.facts)
    for reason in sentence.reasons:
        names |= dict.fromkeys(facts_of(reason))
    return tuple(names)
