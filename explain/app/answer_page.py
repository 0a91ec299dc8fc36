"""The answer on the first page: headline, status note, tiles, proof cards and further parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from html import escape

import streamlit as st

from explain import answer
from explain.app import plain, try_it
from explain.app.cards import Cards, facts_of, tiles, tiles_html
from explain.app.style import html, soft
from explain.assumptions import TITLE, assumption_sentences
from explain.filed.content import ADVICE, LEGEND, CitedClause, Content, cited_of
from explain.history import history
from explain.journey import NOT_KNOWN, Row, rows
from explain.tree import Sentence
from explain.words import Words, capital
from queries.decide import Decision
from queries.set_aside import beaten_routes

#: Titles of parts that the tiles or the questions already show.
TEAMS_SHOWN = 2  # whose reasons are shown in full, where several teams are possible
SHOWN_ABOVE = ("The move", "What holds it up", "To be asked")


OF_THE_JOURNEY = (answer.CAME_HERE, answer.HISTORY)


def headline(decision: Decision) -> None:
    """Shows the answer as the page heading, with case and policy. Called before the proof is computed, so it appears first."""
    plain.title(answer.headline(decision), anchor=False)
    policy = decision.model.program.policy
    about = f"Case {decision.case.case_id} · {policy.name}: {policy.document} ({policy.version}) · {ADVICE}"
    soft(about)


def state(decision: Decision) -> None:
    """Shows warnings about the record and, if no team is decided, what the status means and who settles it."""
    warned = answer.contradictions(decision)
    if warned:
        lines = "".join(f"<p>{escape(line)}</p>" for line in warned)
        html(f'<div class="wt-note warn" role="note"><p><strong>Check these facts.</strong></p>{lines}</div>')
    if decision.status == "decided":
        return
    count = len(decision.missing_facts)
    text = {
        "unknown": (
            "Not known yet",
            f"The answer hangs on {'one thing' if count == 1 else f'{count} things'} that nobody recorded. "
            "Nothing was guessed: what is not recorded counts neither as yes nor as no.",
        ),
        "silent": (
            "The policy names no team",
            "No clause gives this child to a team. That is a gap in the policy, not a fault in the record. "
            "The clauses that came near stand below.",
        ),
        "conflict": (
            "The clauses clash",
            "Two clauses give the child to different teams, and the policy, as it is read here, does not say which goes first.",
        ),
    }[decision.status]
    lines = "".join(f"<p>{escape(line)}</p>" for line in (text[1], *settling(decision)))
    html(f'<div class="wt-note warn" role="note"><p><strong>{text[0]}.</strong></p>{lines}</div>')


def settling(decision: Decision) -> Iterator[str]:
    """Sentences on who settles an open answer: the escalation of this case, else the policy's escalation levels in order."""
    words = Words.of(decision.model)
    if decision.escalate_to:
        named = "; ".join(words.vocabulary.label("escalation", code) for code in decision.escalate_to)
        yield f"Who has to settle it: {named}."
        return
    program = decision.model.program
    ladder: dict[str, dict[str, None]] = {}
    for atom, rules in program.by_head.items():
        if atom.predicate == "escalation_to":
            clauses = (name for rule in rules for name in program.rules[program.ground[rule].source].clauses)
            ladder.setdefault(str(atom.args[0]), {}).update(dict.fromkeys(map(words.clause_name, clauses)))
    order = [code.code for code in words.vocabulary.codes.get("escalation", ()) if code.code in ladder]
    if not order:
        yield "The policy names nobody to settle what it leaves open."
        return
    named = "; then ".join(f"{words.vocabulary.label('escalation', code)} — {_some(ladder[code])}" for code in order)
    yield f"No clause says who settles this case. For other open questions the policy goes up to: {named}."


def _some(clauses: Iterable[str]) -> str:
    """The first clause and the number of others; up to two are listed in full."""
    first, *others = clauses
    return f"{first} and {len(others)} more" if len(others) > 1 else ", ".join([first, *others])


def summary(content: Content) -> None:
    html(tiles_html(tiles(content)))


def proof(content: Content) -> None:
    """Shows numbered proof cards for each holder, each with a button to try other facts."""
    clauses = cited_of(content.policy, content.document)
    cards = Cards(clauses)
    number = 0
    shown = len(content.decision.came_by) + TEAMS_SHOWN
    weight = partial(_weight, unknown=content.decision.status == "unknown")
    for sentence in content.why[:shown]:
        plain.header(_why(sentence, content.decision), anchor=False)
        for reason in sorted(sentence.reasons or (sentence,), key=weight):
            number += 1
            _card(cards, number, reason)
    further = content.why[shown:]
    if further:
        with plain.expander(f"{len(further)} more teams are still possible"):
            html("".join(cards.group(sentence.text, sentence.reasons or (sentence,)) for sentence in further))
    for card in beaten(content.decision, clauses):
        number += 1
        html(card.replace("NUMBER", str(number)))
    if not content.why:
        plain.header("Why", anchor=False)
        html("<p>Nothing that is recorded meets the conditions of a clause that names a team.</p>")
    soft(LEGEND)


def _why(sentence: Sentence, decision: Decision) -> str:
    if decision.status == "silent":
        return "Why no team is named"
    return f"Why: {sentence.text}" if decision.status == "decided" else sentence.text


def _weight(sentence: Sentence, unknown: bool) -> int:
    """Sort key of a card: open points first (if the status is unknown), then clauses, recorded facts, missing facts."""
    if unknown and sentence.open:
        return -1
    if sentence.clause_id:
        return 0
    if sentence.facts or sentence.reasons:
        return 1 if sentence.affirms else 2
    return 3


def _card(cards: Cards, number: int, sentence: Sentence) -> None:
    names = facts_of(sentence)
    with st.container(horizontal=True, wrap=False, gap="small"):
        html(cards.card(number, sentence))
        if names and plain.button(
            f"Try other facts ({number})", key=f"try-{number}", help=f"What would follow from other facts than in card {number}"
        ):
            try_it.dialog(names)


def beaten(decision: Decision, clauses: dict[str, CitedClause]) -> Iterator[str]:
    """HTML of each general rule that an exception set aside, with the exception. `NUMBER` stands for the card's number."""
    words, cards = Words.of(decision.model), Cards(clauses)
    for each in beaten_routes(decision):
        team = words.argument("team", each.route.args[1])
        usual = Sentence(f"{team} by the general rule", words.clause_name(each.general), clause_id=each.general)
        instead = Sentence("An exception comes first", words.clause_name(each.narrow), clause_id=each.narrow)
        yield (
            '<div class="wt-card beaten"><div class="beaten"><span class="num">NUMBER.</span> '
            f'<span class="mark">⇄ Set aside</span> <s>{escape(usual.text)}</s></div>{cards.chip(usual)}'
            f'<ul class="reasons"><li class="line"><div class="shown"><span class="mark">✓ {escape(instead.text)}</span></div>'
            f"{cards.chip(instead)}</li></ul></div>"
        )


def assumed(content: Content) -> None:
    """Shows the assumptions when the user asks for them; computing them takes longer than the answer."""
    if not plain.toggle("Show what nobody recorded and would change this answer", key="assumed"):
        return
    with plain.spinner("Trying every fact that is not recorded"):
        lines = assumption_sentences(content.decision, content.assumed)
    body = f"<ul>{_lines(lines)}</ul>" if lines else "<p>No single fact that nobody recorded was found to change it.</p>"
    html(f'<div class="wt-part"><h3>{escape(TITLE)}</h3>{body}</div>')


def rest(content: Content) -> None:
    """Shows duties, attendance, deadlines and findings, with their proofs folded."""
    parts = [part for part in content.parts if part.title not in (*SHOWN_ABOVE, *OF_THE_JOURNEY)]
    if parts:
        plain.header("What follows from it", anchor=False)
        html("".join(f'<div class="wt-part"><h3>{escape(part.title)}</h3><ul>{_lines(part.lines)}</ul></div>' for part in parts))
    if content.why_rest:
        with plain.expander("The reasons for each of these"):
            cards = Cards(cited_of(content.policy, content.document))
            html("".join(cards.group(group.title, group.sentences) for group in content.why_rest))


def journey(decision: Decision) -> None:
    """Shows the stints as a timeline, oldest first, and the history."""
    stints, past = rows(decision), history(decision)
    if len(stints) > 1:
        plain.header(answer.CAME_HERE, anchor=False)
        html(f'<ol class="wt-line">{"".join(map(_stop, stints))}</ol>')
    if past:
        with plain.expander(f"{answer.HISTORY} ({len(past)})"):
            html(f"<p>This belongs to an earlier time and moves nobody now.</p><ul>{_lines(past)}</ul>")


def _stop(stint: Row) -> str:
    """One stint of the timeline as HTML: dates, team, and the transfer point that began it."""
    known = stint.since != NOT_KNOWN
    past = " to ".join(filter(None, [stint.since if known else "", stint.until]))
    when = {
        "past": past if known else f"Until {stint.until}" if stint.until else "Earlier, on a day that is not recorded",
        "present": f"Since {stint.since}" if known else "Now, since a day that is not recorded",
        "planned": f"Planned: {past}",
    }[stint.status]
    clauses = f" ({', '.join(stint.clauses)})" if stint.clauses else ""
    how = f'<p class="soft">{escape(stint.point + clauses)}</p>' if stint.point else ""
    current = ' aria-current="true"' if stint.status == "present" else ""
    return (
        f'<li class="{stint.status}"{current}><p class="when">{escape(when)}</p>'
        f'<p class="who">{escape(capital(stint.team))}</p>{how}</li>'
    )


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"<li>{escape(line)}</li>" for line in lines)


def readings(content: Content) -> None:
    """Shows the readings in use, folded."""
    if content.readings:
        lines = "".join(
            f"<li><strong>{escape(reading.setting)}</strong> {escape(reading.why)}</li>" for reading in content.readings
        )
        with plain.expander(f"How the text was read ({len(content.readings)})"):
            html(f"<ul>{lines}</ul>")
