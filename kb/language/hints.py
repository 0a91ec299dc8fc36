"""What to write instead, where a rule can't be read: habits of other languages and slips that are met often."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

Hint = str | Callable[[re.Match[str]], str]

_STOP_MISSING = "is the full stop missing at the end of the statement before it?"
#: What is written where a rule can't be read, and what to do about it. The first that fits is told.
_WRITTEN: tuple[tuple[str, Hint], ...] = (
    (r";-|: -|->|<-|⇐|←|\bif\b", "write `:-` between the conclusion and its conditions"),
    (r";|\|\|?|\bor\b", "a rule has no `or`: write one rule for each, with the same conclusion"),
    (r"&&?|\band\b|∧", "write a comma between conditions: all of them have to hold"),
    (r"=<|≤|⩽", "write `<=`"),
    (r"=>|≥|⩾", "write `>=`"),
    (r"\\==?|=\\=|!==|<>|=/=|≠", "write `!=`"),
    (r'(?<=")[^"\n,:.()]+(?=")', "a text holds no quotation marks: leave those inside it out"),
    (r"={2,3}|=:=|\bis\b", "write `=`"),
    (r"\\\+|!(?!=)|¬|~", "write `not` before the condition"),
    (r"\b(?:not|known|unknown|recorded) ?\(", "leave the brackets out; for several conditions declare a conclusion of your own"),
    (r"[“”„«»]", 'write a straight quotation mark: `"`'),
    (r"[‘’`']", "codes are written without quotation marks, in lower case and with `_` for a space"),
    (r"[–—−]", "write a plain `-`"),
    (r'"[^"\n]*"', "only sentences of `predicate` are texts: write the code, in lower case and with `_` for a space"),
    (r"@clause\b", _STOP_MISSING),
    (r"\bpredicate\b", _STOP_MISSING),
    (r"\b\d\d?[./-]\d\d?[./-]\d{4}\b", "write the date with the year first, such as 2024-09-03"),
    (r"\b(\d):([0-5]\d)(?!\d)", lambda found: f"write the time with two digits for the hour: `0{found[1]}:{found[2]}`"),
    (r"\b(?:business|work|office|school) days?\b", "write `working days`"),
    (r"\bwks?\b", "write `weeks`"),
    (r"\bmths?\b", "write `months`"),
    (r"\byrs?\b", "write `years`"),
    (r"\bhrs?\b", "write `hours`"),
    (r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|twenty)\b", "write the number in digits"),
    (r"@\w*", "a clause is opened by `@clause ID.`"),
    (r"//|/\*|#", "a comment starts with `%`"),
    (r"\d+\.\d+", "only whole numbers can be written"),
    (r"\b[A-Z]\w*(?= ?\()", "conclusions and conditions have names in lower case; capitals are for variables"),
)


def what_is_missing(text: str, place: int, wanted: Collection[str]) -> str:
    """What is missing before a place of a statement that can't be read; empty where that is not known.

    wanted  kinds of token that could stand at the place
    """
    line = text[text.rfind("\n", 0, place) + 1 : place]
    if text[place] == '"':
        return "the text has no closing quotation mark on its line"
    if "DOT" in wanted and not line.strip() and "\n" in text[:place]:
        return _STOP_MISSING
    if "RPAR" in wanted and text.startswith((":-", "."), place):
        return "close the bracket before it: `)`"
    return ""


def what_to_write(text: str, place: int) -> str:
    """What to write at a place of a statement that can't be read; empty where nothing is known to help."""
    for pattern, hint in _WRITTEN:
        for found in re.finditer(pattern, text):
            if found.start() <= place < found.end():
                return hint if isinstance(hint, str) else hint(found)
    return ""
