"""The answer on the screen: marks and title, what can be done now, and the reasons with the proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from html import escape

import streamlit as st

from explain import answer
from explain.app import plain, saving, session, speech, try_it
from explain.app.cards import Cards, facts_of, tiles, tiles_html
from explain.app.style import html, soft
from explain.filed.content import LEGEND, CitedClause, Content, cited_of
from explain.history import history
from explain.standing import Mark, beneath, heading, marks, passed_over, title
from explain.three_reasons import three_reasons
from explain.tree import Sentence
from explain.words import Words, capital
from queries.clashes import Clash, clashes
from queries.decide import Decision
from queries.set_aside import beaten_routes

TEAMS_SHOWN = 2  # whose reasons are shown in full, where several teams are possible
#: Titles of parts that stand elsewhere on the page.
SHOWN_ABOVE = ("The move", "What holds it up", "To be asked", "Not confirmed", answer.NOTED, answer.CAME_HERE, answer.HISTORY)
#: Said once, at the end: it is no matter of this child.
SHOWN_LAST = (answer.ABOUT_POLICY,)


def hero(decision: Decision, doubtful: bool = False) -> None:
    """Marks, title and the sentence beneath. Drawn before the proof is computed, so that the answer appears first."""
    html(f'<div class="wt-marks">{"".join(map(mark_html, marks(decision, doubtful)))}</div>')
    plain.title(heading(decision, doubtful), anchor=False)
    html(f'<p class="wt-lead">{escape(beneath(decision, doubtful))}</p>')


def mark_html(mark: Mark) -> str:
    return f'<span class="wt-mark {mark.kind}"><span class="sign">{mark.sign}</span> {escape(mark.words)}</span> '


def undo() -> None:
    """Says what was recorded last on this page and what came of it, with a way back."""
    last = session.last_change()
    if last is None:
        return
    before, told = last
    was, now = title(session.decision(before)), title(session.decision(session.opened()))
    came = "The answer stays the same." if was == now else f"Before, it was: {was.rstrip('.')}."
    if saving.clash() is None and not saving.trouble():  # else it is said that it is not saved
        speech.say(f"Recorded. {now if was != now else came}")
    with st.container(key="undo-bar", horizontal=True, vertical_alignment="center"):
        html(f"<p><strong>Recorded: {escape(told)}.</strong> {escape(came)}</p>")
        plain.button("Undo", key="undo-last", on_click=session.undo_last, help=f"Takes back: {told}", type="tertiary")


def panels(decision: Decision, content: Content) -> None:
    """What has to be seen or done first: clauses that clash, a move held up, a gap in the policy, facts at odds."""
    contradicted(decision)
    found = clashes(decision)
    if found:
        _two_answers(decision, found, content)
    elif decision.status == "conflict":
        _conflict(decision, content)
    if decision.status == "silent":
        _silent(decision)
    if decision.blocked_by:
        _held_up(decision, content)
    _passed_over(decision)


def contradicted(decision: Decision) -> None:
    """Facts that can't all be right, each with a way to change it where it stands."""
    warned = [*(f"{capital(clause)}." for clause in answer.at_odds(decision)), *answer.dates_at_odds(decision)]
    if not warned:
        return
    with st.container(key="panel-wrong"):
        plain.header("Check these facts", anchor=False)
        html(_list(warned))
        wrong = dict.fromkeys(name for each in decision.misdated for name in (each.fact, each.presupposes))
        _change_buttons(decision, [name for name in wrong if name in decision.case.facts])


def _change_buttons(decision: Decision, names: Iterable[str]) -> None:
    facts = decision.model.program.policy.vocabulary.facts
    with st.container(horizontal=True):
        for name in names:
            if plain.button(f"Change {facts[name].label}", key=f"change-{name}"):
                try_it.dialog([name])


def _two_answers(decision: Decision, found: tuple[Clash, ...], content: Content) -> None:
    """A decided answer beside that of each clause that was set aside for it."""
    words, policy = Words.of(decision.model), content.policy
    cards = Cards(cited_of(policy, content.document))
    with st.container(key="panel-clash"):
        plain.header("Two clauses, two answers" if len(found) == 1 else "Clauses with different answers", anchor=False)
        moves = [line for part in content.parts if part.title == "The move" for line in part.lines]
        for clash in found:
            reading = policy.readings.get(clash.reading)
            setting = reading.told(policy.settings[clash.reading]) if reading is not None else ""
            others = [reading.told(other) for other in (str(reading.default), *reading.alternatives)] if reading else []
            html(
                f"<p>{escape(words.vocabulary.label('finding', clash.finding))}</p>"
                '<div class="wt-both"><div class="use"><h3>In use</h3>'
                f'<p class="who">{escape(words.any_label(str(decision.responsible_team)))} has the child</p>'
                f"<p>{escape(' '.join([setting, *moves]))}</p></div>"
                "<div><h3>Set aside</h3>"
                f'<p class="who">{escape(words.any_label(clash.other))} would have the child</p>'
                f"<p>{escape(' '.join(other for other in others if other != setting))}</p>"
                f"<p>{''.join(cards.chip_of(name) for name in clash.clauses)}</p></div></div>"
            )
            if reading is not None:
                why = f"Why there is a choice: {reading.why} Clauses: {reading.clauses}."
                html(f"<p>The first is a choice made in these rules. <strong>It is not the council’s.</strong> {escape(why)}</p>")
        _agreed(decision)


def _conflict(decision: Decision, content: Content) -> None:
    """The teams that clauses give the child to, side by side, where nothing settles which."""
    cards = Cards(cited_of(content.policy, content.document))
    with st.container(key="panel-clash"):
        plain.header("The clauses clash", anchor=False)
        plain.write("The policy, as it is read here, does not say which of these goes first.")
        chips = ("".join(dict.fromkeys(map(cards.chip, _cited_below(each)))) for each in content.why)
        boxes = (f'<div><p class="who">{escape(s.text)}</p><p>{cited}</p></div>' for s, cited in zip(content.why, chips))
        html(f'<div class="wt-both">{"".join(boxes)}</div>')
        _agreed(decision)


def _cited_below(sentence: Sentence) -> Iterator[Sentence]:
    for reason in sentence.reasons:
        if reason.clause_id:
            yield reason
        yield from _cited_below(reason)


def _agreed(decision: Decision) -> None:
    """Leads to recording what the managers agreed on, where the vocabulary has facts for it."""
    facts = decision.model.program.policy.vocabulary.facts
    names = [f.name for f in facts.values() if f.type == "team" and f.of and facts[f.of].time == "agreement"]
    if names and plain.button("Record what the managers agreed", key="agreed"):
        try_it.dialog([names[0], facts[names[0]].of], "What did the managers agree?")


def _silent(decision: Decision) -> None:
    with st.container(key="panel-none"):
        plain.header("The policy names no team", anchor=False)
        plain.write(
            "No clause gives this child to a team. That is a gap in the policy, not a fault in the record. "
            "Agree today who acts meanwhile: the policy does not say."
        )


def _held_up(decision: Decision, content: Content) -> None:
    with st.container(key="panel-held"):
        plain.header("What holds it up", anchor=False)
        lines = [line for part in content.parts if part.title == "What holds it up" for line in part.lines]
        html(_list(lines))
        soft("Once it is done, answer it under “Checks before the move”.")


def _passed_over(decision: Decision) -> None:
    """What is recorded and decides nothing, so that nobody takes the answer for one about it."""
    names = passed_over(decision)
    if not names:
        return
    with st.container(key="panel-unsaid"):
        plain.header("Recorded, but this policy has no clause on it", anchor=False)
        html(_list(map(capital, names)))
        soft("No team and no move follows from this. Who acts on it, the policy does not say: agree that between managers.")


def summary(content: Content) -> None:
    html(tiles_html(tiles(content)))


def noted(content: Content) -> None:
    """What a reader has to know of this answer. It stands above the reasons, as it can be what makes the answer doubtful."""
    lines = [line for part in content.parts if part.title == answer.NOTED for line in part.lines]
    if lines:
        with st.container(key="panel-noted"):
            plain.header(answer.NOTED, anchor=False)
            html(_list(lines))


def reasons(content: Content) -> None:
    """The three reasons to give first."""
    cards = Cards(cited_of(content.policy, content.document))
    found = three_reasons(content)
    plain.header({1: "The reason", 2: "Two reasons"}.get(len(found), "Three reasons"), anchor=False)
    if not found:
        html("<p>Nothing that is recorded meets the conditions of a clause that names a team.</p>")
        return
    html(f'<ol class="wt-why">{"".join(f"<li>{cards.line(sentence)}</li>" for sentence in found)}</ol>')


def proof(content: Content) -> None:
    """Every step, folded, at full width: numbered cards for each team, each with a button to change what it rests on."""
    steps = sum(len(sentence.reasons or (sentence,)) for sentence in content.why)
    with st.container(key="every-step"), plain.expander(f"Every step, with its clause ({steps})"):
        _cards(content)


def _cards(content: Content) -> None:
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
        plain.header(f"{len(further)} more teams are still possible", anchor=False)
        html("".join(cards.group(sentence.text, sentence.reasons or (sentence,)) for sentence in further))
    for card in beaten(content.decision, clauses):
        number += 1
        html(card.replace("NUMBER", str(number)))
    if not content.why:
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
            f"Change step {number}", key=f"try-{number}", help=f"What would follow from other facts than in step {number}"
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
            f'<span class="mark">– Set aside</span> <s>{escape(usual.text)}</s></div>{cards.chip(usual)}'
            f'<ul class="reasons"><li class="line"><div class="shown"><span class="mark">✓ {escape(instead.text)}</span></div>'
            f"{cards.chip(instead)}</li></ul></div>"
        )


def rest(content: Content) -> None:
    """Duties, attendance, deadlines and findings, with their proofs folded."""
    parts = [part for part in content.parts if part.title not in (*SHOWN_ABOVE, *SHOWN_LAST)]
    if parts:
        plain.header("What follows from it", anchor=False)
        html("".join(f'<div class="wt-part"><h3>{escape(part.title)}</h3>{_list(part.lines)}</div>' for part in parts))
    told = {part.title for part in content.parts}
    why = [group for group in content.why_rest if group.title in told]  # not of a limit that is no matter of this child
    if why:
        with plain.expander("The reasons for each of these"):
            cards = Cards(cited_of(content.policy, content.document))
            html("".join(cards.group(group.title, group.sentences) for group in why))


def about_policy(content: Content) -> None:
    """What is the same for every child, such as a review date of the policy that has passed: in small letters, at the end."""
    lines = [line for part in content.parts if part.title in SHOWN_LAST for line in part.lines]
    if lines:
        soft(f"{answer.ABOUT_POLICY}: {' '.join(lines)}")


def earlier(decision: Decision) -> None:
    """What belongs to an earlier time, folded."""
    past = history(decision)
    if past:
        with plain.expander(f"{answer.HISTORY} ({len(past)})"):
            html(f"<p>This belongs to an earlier time and moves nobody now.</p>{_list(past)}")


def readings(content: Content) -> None:
    """The readings in use, folded."""
    if content.readings:
        lines = "".join(
            f"<li><strong>{escape(reading.setting)}</strong> {escape(reading.why)}</li>" for reading in content.readings
        )
        with plain.expander(f"Where the policy can be read in more than one way ({len(content.readings)})"):
            html(f"<ul>{lines}</ul>")


def _list(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
