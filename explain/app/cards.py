"""Proof cards and tiles as HTML.

Pure functions from `Sentence` to HTML, with the wording of the filed decision. All text is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from explain.answer_parts import list_of
from explain.deadlines import AHEAD, LATE, PASSED, RUNNING, UNDONE, when
from explain.filed.content import CitedClause, Content, Due, marked
from explain.standing import NAMED, counted, day_words, missed, record_lags, since
from explain.tree import Sentence
from explain.words import Words, capital
from kb.dates import iso
from queries.decide import Decision

DUE_SHOWN = 2
NONE_DUE, PUT_RIGHT = "None is due or under way", "The record has to follow"
NOT_SAID = "Nobody recorded whether it was kept."
FOLDED_FROM = 2  # a card about something that does not hold is folded if it has more reasons than this


@dataclass(frozen=True)
class Tile:
    """A tile below the answer: name, main line and further lines. `wrong` marks something that was missed."""

    name: str
    first: str
    rest: tuple[str, ...] = ()
    wrong: bool = False


def tiles(content: Content) -> list[Tile]:
    """The team now, the next move, and by when something has to be done."""
    return [_team_now(content), _next_move(content), _by_when(content)]


def _team_now(content: Content) -> Tile:
    decision = content.decision
    words = Words.of(decision.model)
    if decision.status == "decided":
        day = since(decision)
        when = f"Since {day_words(day, decision.case.as_of)}." if day is not None else "The first day is not recorded."
        return Tile("Team now", words.any_label(str(decision.responsible_team)), (when,))
    names = [words.any_label(code) for code in decision.possible_teams]
    count = {2: "two", 3: "three"}.get(len(names), str(len(names)))
    first = "No team is named" if decision.status == "silent" else f"One of {count}" if len(names) > 1 else "Not settled"
    return Tile("Team now", first, (capital(list_of(names, "or")) + ".",) if 1 < len(names) <= NAMED else ())


def _next_move(content: Content) -> Tile:
    """The move that is told, or the first that is planned once that is over."""
    decision = content.decision
    words = Words.of(decision.model)
    lines = {part.title: part.lines for part in content.parts}
    told, move = lines.get("The move", ()), decision.transfer
    if move is not None and move.status != "completed":
        how = {"blocked": "held up", "unknown": "not settled", "discretionary": "if the managers decide so"}.get(move.status, "")
        return Tile("Next move", ", ".join(filter(None, [f"To {words.any_label(move.to)}", how])), (*told, *_lagging(decision)))
    ahead = [each for each in decision.further_transfers if each.origin == decision.responsible_team]
    lags = _lagging(decision)
    first = f"To {words.any_label(ahead[0].to)}" if ahead else PUT_RIGHT if lags else NONE_DUE
    return Tile("Next move", first, (*lines.get("Further moves", ())[: len(ahead[:1])], *lags, *told))


def _lagging(decision: Decision) -> tuple[str, ...]:
    """The sentence that the record still names another team; none where it does not."""
    lags = record_lags(decision)
    return (lags,) if lags else ()


def _by_when(content: Content) -> Tile:
    dues = [(due.due, _due(due)) for due in content.deadlines if due.outcome in (AHEAD, RUNNING) and due.of_case]
    ahead = [text for _, text in sorted([*_coming(content), *dues])]
    late = [due for due in content.deadlines if due.outcome.startswith((LATE, UNDONE))]
    unsaid = [due for due in content.deadlines if due.outcome == PASSED and due.of_case]
    passed = [f"{due.name}: {when(due.due)}{f' ({due.counted})' if due.counted else ''}, passed. {NOT_SAID}" for due in unsaid]
    count = missed(content.decision)
    if count:
        told = [f"{due.name}: due {when(due.due)}; {due.outcome}." for due in late]
        return Tile("By when", f"! {counted(count, 'time limit')} missed", (*told[:DUE_SHOWN], *ahead[:1], *passed), wrong=True)
    rest = [*_counts("not kept", late), *passed]
    if not ahead:
        return Tile("By when", "No time limit lies ahead.", tuple(rest))
    return Tile("By when", ahead[0], (*ahead[1:DUE_SHOWN], *rest))


def _coming(content: Content) -> list[tuple[str, str]]:
    """ISO day and text of the next move, if its day is known and not past; a list of at most one."""
    move = content.decision.transfer
    if move is None or move.on is None or move.status != "upcoming" or move.on < iso(content.decision.case.as_of):
        return []
    return [(move.on, f"{when(move.on)}: {content.policy.vocabulary.label('point', move.point)}.")]


def _counts(word: str, dues: list[Due]) -> list[str]:
    if not dues:
        return []
    return [f"{len(dues)} {word}: {', '.join(dict.fromkeys(due.name[:1].lower() + due.name[1:] for due in dues))}."]


def _due(due: Due) -> str:
    counted = f" ({due.counted})" if due.counted else ""
    return f"{when(due.due)}: {due.name[:1].lower() + due.name[1:]}{counted}."


def tiles_html(shown: Iterable[Tile]) -> str:
    return f'<div class="wt-tiles">{"".join(map(_tile, shown))}</div>'


def _tile(tile: Tile) -> str:
    rest = "".join(f'<p class="more">{escape(line)}</p>' for line in tile.rest)
    name, first = escape(tile.name), escape(tile.first)
    kind = "first wrong" if tile.wrong else "first"
    return f'<div class="wt-tile"><p class="name">{name}</p><p class="{kind}">{first}</p>{rest}</div>'


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

    def chip_of(self, name: str) -> str:
        """The chip of a clause by its id."""
        clause = self.clauses.get(name)
        if clause is None:
            return ""
        lines = ", ".join(str(line.number) for line in clause.lines)
        told = f"{name} (line{'s' if len(clause.lines) != 1 else ''} {lines})" if lines else name
        return f'<details class="chip"><summary>{escape(told)}</summary>{clause_html(clause)}</details>'

    def line(self, sentence: Sentence) -> str:
        """A sentence with its clause and without its reasons."""
        return f"{escape(sentence.text.removesuffix('.'))}. {self.chip(sentence)}"

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
