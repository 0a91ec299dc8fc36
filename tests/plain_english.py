"""Checks of sentences for users: unfilled placeholders, codes, variable names, double negation, wrong plurals."""

from __future__ import annotations

import re

#: Faults, each with a pattern that detects it.
FAULTS = {
    "empty": re.compile(r"^\W*$"),
    "a hole": re.compile(
        r"\{|\}|\(\s*\)|“”|  |\s[.,;:]|\b(?:listed|booked|counted|goes|moved?|works) (?:for|from|to|with)[.;]?$|:\.?$|\bNone\b"
    ),
    "a code": re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b|[\[\]<>=]|\b\d{4}-\d\d-\d\d\b|\bTrue\b|\bFalse\b"),
    "a name of a variable": re.compile(
        r"\b(?:from|to|with|at|after|before) (?:From|To|Since|Start|Closed|Born|Point|Level|Weeks|Other)\b"
    ),
    "said twice": re.compile(r"\b(\w+) \1\b(?! council)", re.IGNORECASE),
    "a denial denied": re.compile(
        r"\bnot (?:not|no|nobody|nothing|never)\b|\bno (?:no|not)\b|\bnot the case that\b|\bdoes not show [^.;,:]* with no\b"
        r"|\b(?:no|not|nothing|nobody)\b(?:(?! whether | that | who| which )[^.,;:(“])*\b(?:not|nobody|nothing|never|no)\b"
    ),
    "one of many": re.compile(r"\b1 (?:complete |working |calendar )?(?:days|weeks|months|years|cases|checks|ways|things)\b"),
    "many of one": re.compile(r"(?<![\d.,-])(?!1 )\d+ (?:complete |working |calendar )?(?:day|week|month|year)\b(?! of| old)"),
    "a team where there is none": re.compile(
        r"closed to social work (?:holds|to)\b|(?:from|to|with) closed to social work|status is: no team"
    ),
    "a word of the trade": re.compile(r"\b(?:gates?|readings?|silent)\b", re.IGNORECASE),
    "two full stops": re.compile(r"\.\.|\?\."),
}


#: Faults that are allowed in prose that a person wrote as a whole.
MADE = ("a denial denied",)


def faults_of(sentence: str, prose: bool = False) -> list[str]:
    """The faults of a sentence; citations of clauses in brackets are ignored."""
    said = re.sub(r" ?\[[^]]*\]", "", sentence)
    return [name for name, sign in FAULTS.items() if sign.search(said) and not (prose and name in MADE)]
