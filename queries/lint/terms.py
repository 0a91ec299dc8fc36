"""Several terms for one thing, and several spellings of one section of an Act."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.lint.tables import terms
from queries.lint.finding import Finding, Subject, shortened

NAME = "terms"
_LAW = re.compile(
    r"\b(?P<form>[Ss]ections? |[Ss]\.? ?|[Ss]ec\.? ?)(?P<number>7|17|20|31|37|38|47|85)\b(?![.\d/]|"
    r" ?(?:days|weeks|months|years|%))"
)


def find(subject: Subject) -> Iterator[Finding]:
    by_concept: dict[str, dict[str, list[str]]] = {}
    for term in terms():
        for match, paragraph in subject.text.find(term.pattern):
            form = term.form if term.form != "*" else " ".join(match[0].lower().replace("for a ", "for ").split())
            by_concept.setdefault(term.concept, {}).setdefault(form, []).append(paragraph.place_at(match.start()))
    for concept, forms in by_concept.items():
        if len(forms) > 1:
            says = f"The document has {len(forms)} terms for {concept}: {_listed(subject, forms)}."
            yield _finding(subject, "note", says, forms, "use one term, and say once what it means")
    yield from _laws(subject)


def _laws(subject: Subject) -> Iterator[Finding]:
    by_number: dict[str, dict[str, list[str]]] = {}
    for match, paragraph in subject.text.find(_LAW):
        form = match["form"].strip()
        style = "section" if form.lower().startswith("sec") else form
        by_number.setdefault(match["number"], {}).setdefault(style, []).append(paragraph.place_at(match.start()))
    for number, styles in by_number.items():
        if len(styles) > 1:
            forms = {
                f"{style} {number}" if style == "section" else f"{style}{number}": places for style, places in styles.items()
            }
            says = f"Section {number} is written in {len(forms)} ways: {_listed(subject, forms)}."
            yield _finding(subject, "note", says, forms, "write it in one way, and name the Act once")


def _listed(subject: Subject, forms: dict[str, list[str]]) -> str:
    return "; ".join(f"“{form}” ({short_places(subject.ordered(places))})" for form, places in forms.items())


def short_places(places: tuple[str, ...], most: int = 4) -> str:
    """Places as `line 3, 5 and 9`; of many only the first."""
    kind = places[0].rpartition(" ")[0] if places else ""
    if kind and all(place.rpartition(" ")[0] == kind for place in places) and "," not in kind:
        numbers = [place.rpartition(" ")[2] for place in places]
        shown = ", ".join(numbers[:most]) + (f" and {len(numbers) - most} more" if len(numbers) > most else "")
        return f"{kind}{'s' if len(numbers) > 1 else ''} {shown}"
    return "; ".join(places[:most]) + (f" and {len(places) - most} more" if len(places) > most else "")


def _finding(subject: Subject, weight: str, says: str, forms: dict[str, list[str]], advice: str) -> Finding:
    places = subject.ordered(place for found in forms.values() for place in found)
    return Finding(NAME, "fault" if weight == "fault" else "note", says, places, shortened("; ".join(forms)), advice)
