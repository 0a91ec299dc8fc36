"""A decision on one page of A4: the answer, three reasons, the checks, what was taken as not so, and who decided.

The full record is its annex. What has no room here is counted, and stands there. One HTML file without scripts or
external resources, suited for print; its length is measured by a test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from explain.assumptions import assumption_sentences, grave
from explain.filed.as_html import spoken
from explain.filed.content import ADVICE, Content, Due
from explain.standing import beneath, marks, record_lags, title
from explain.three_reasons import three_reasons
from explain.words import Words, capital
from queries.clashes import clashes
from queries.gates import Gate, gates

MOST_CHECKS, MOST_ASSUMED, MOST_LIMITS, MOST_CLAUSES = 12, 2, 3, 24
LONGEST_REASON = 220  # characters of a manager's reason; the whole stands in the annex
REPLIES = {True: "Yes", False: "No", None: "? Not known"}
STYLE = Path(__file__).with_suffix(".css")


def one_page(content: Content, hashes: dict[str, str]) -> str:
    """The page as HTML. `hashes`: names and values of the hashes of the record's JSON form."""
    name = f"Decision for case {content.case_id}"
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(name)}</title>\n<style>{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n<main>\n"
        f"{''.join(_body(content, hashes))}\n</main>\n</body>\n</html>\n"
    )


def _body(content: Content, hashes: dict[str, str]) -> Iterator[str]:
    decision, policy = content.decision, content.policy
    yield (
        f'<header><div><p class="council">{escape(policy.name)}</p><p>Which team: decision record</p></div><div class="case">'
        f"<p><strong>Case {escape(content.case_id)}</strong></p><p>For {escape(content.day)}</p></div></header>"
    )
    shown = "".join(f'<span class="{mark.kind}">{mark.sign} {escape(mark.words)}</span>' for mark in marks(decision))
    yield f'<p class="marks">{shown}</p>'
    yield f"<h1>{escape(title(decision))}</h1>"
    moves = next((part.lines for part in content.parts if part.title == "The move"), ())
    yield f"<p>{escape(' '.join(filter(None, [beneath(decision), record_lags(decision), *moves[:1]])))}</p>"
    yield "<h2>Reasons</h2><ol>"
    for reason in three_reasons(content):
        cite = f' <span class="cite">{escape(reason.clause.removeprefix("clause "))}</span>' if reason.clause else ""
        yield f"<li>{escape(reason.text.removesuffix('.'))}.{cite}</li>"
    yield '</ol><div class="two"><div>'
    yield from _checks(gates(decision), content)
    yield "</div><div>"
    yield from _assumed(content)
    yield from _limits(content.deadlines)
    yield from _two_ways(content)
    yield "</div></div>"
    yield from _who(content)
    yield from _foot(content, hashes)


def _checks(found: Sequence[Gate], content: Content) -> Iterator[str]:
    if not found:
        return
    label = content.policy.vocabulary.label
    yield '<h2>Checks before the move</h2><table class="checks">'
    for gate in found[:MOST_CHECKS]:
        kind = ' class="open"' if gate.met is not True else ""
        yield f'<tr><th scope="row">{escape(capital(label("gate", gate.code)))}</th><td{kind}>{REPLIES[gate.met]}</td></tr>'
    met = sum(gate.met is True for gate in found)
    yield f"</table><p>{met} of {len(found)} confirmed.</p>{_more(len(found), MOST_CHECKS)}"


def _assumed(content: Content) -> Iterator[str]:
    found = grave(content.decision, content.assumed)
    if found:
        told = assumption_sentences(content.decision, content.assumed)[: min(len(found), MOST_ASSUMED)]
        yield f"<h2>Taken as not so</h2><p>Nobody recorded these. If one is otherwise, ask again.</p>{_list(told)}"
        yield _more(len(found), MOST_ASSUMED)


def _limits(found: Sequence[Due]) -> Iterator[str]:
    own = sorted((due for due in found if due.of_case), key=lambda due: due.met is True)
    if own:
        yield "<h2>Time limits</h2><table>"
        for due in own[:MOST_LIMITS]:
            counted = f" ({due.counted})" if due.counted else ""
            when, became = escape(f"{due.name}: {spoken(due.due)}{counted}"), escape(capital(due.outcome))
            yield f'<tr><th scope="row">{when}</th><td>{became}</td></tr>'
        yield f"</table>{_more(len(own), MOST_LIMITS)}"


def _two_ways(content: Content) -> Iterator[str]:
    found = clashes(content.decision)
    if found:
        words = Words.of(content.decision.model)
        lines = [
            f"{words.vocabulary.label('finding', clash.finding)} Set aside: {words.any_label(clash.other)} would have the child "
            f"({', '.join(map(words.clause_name, clash.clauses))})."
            for clash in found
        ]
        yield f"<h2>Clauses differ</h2>{_list(lines)}"


def _who(content: Content) -> Iterator[str]:
    who = content.confirmation
    decided = f"Another team was decided on: {content.overridden_to}" if content.overridden_to else "Agree with the answer"
    rows = [
        ("Decision", decided if who.by else "Not decided yet"),
        ("Decided by", who.by or ""),
        ("On", spoken(who.on) if who.on else ""),
        ("Reason", _short(who.reason or "")),
    ]
    yield '<section class="who"><h2>Who decided</h2><table>'
    for name, value in rows:
        yield f'<tr><th scope="row">{name}</th><td>{escape(value)}</td></tr>'
    yield "</table></section>"


def _foot(content: Content, hashes: dict[str, str]) -> Iterator[str]:
    policy = content.policy
    clauses = [clause.id for clause in content.clauses]
    left = f" and {len(clauses) - MOST_CLAUSES} more" if len(clauses) > MOST_CLAUSES else ""
    named = " ".join(clauses[:MOST_CLAUSES]) + left
    yield (
        f"<footer><p><strong>Policy</strong> {escape(policy.name)}: {escape(policy.document)}, {escape(policy.version)}. "
        f"Clauses stand in our words. <strong>{escape(ADVICE)}</strong></p><p><strong>Clauses</strong> {escape(named)}</p>"
    )
    for name, value in [("Policy files", policy.digest), *hashes.items()]:
        yield f'<p><strong>{escape(name)}</strong> <span class="hash">{escape(value)}</span></p>'
    yield f"<p><strong>Annex</strong> the full record with its proof: record-{escape(content.case_id)}.json</p></footer>"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else f"{text[:LONGEST_REASON].rstrip()} … (in full in the annex)"


def _more(count: int, most: int) -> str:
    """A paragraph on how many have no room here; empty where all have."""
    return f"<p>{count - most} more in the annex.</p>" if count > most else ""


def _list(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
