"""What to write instead, where a rule can't be read: habits of other languages and slips that are met often."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection

from kb.vocabulary.apart import looks_like

Hint = str | Callable[[re.Match[str]], str]

_UNIT = r"(?:hours?|days?|weeks?|months?|years?)"
_STOP_MISSING = "is the full stop missing at the end of the statement before it?"
_WORDS = ("not", "known", "unknown", "recorded", "open", "predicate", "at")  # that stand before a name
_COUNTED = "what a list comes to is a row of calculated.tsv; rules ask it by name"
_OPENS = "a clause is opened by `@clause ID.`"


def _interval(found: re.Match[str]) -> str:
    """What to write for an amount of time that stands alone."""
    return f"an amount of time is added to a date: write for example `Start + {found[1]} {found[2] or ''}{found[3]}`"


def _on_the_clock(found: re.Match[str]) -> str:
    """What to write for a time such as `9pm` or `9.30 am`."""
    hour = int(found[1]) % 12 + (12 if found[3] in "pP" else 0)
    return f"write the time on the clock of 24 hours: `{hour:02}:{found[2] or '00'}`"


#: What is written in a line that opens a clause, and what to do about it. The first that fits is told.
_IN_A_CLAUSE_LINE: tuple[tuple[str, Hint], ...] = (
    (r"(?<=\w)-\w+", "write `_` for `-`: ids and words have letters, digits and `_` only"),
    (r",", "write the ids with spaces between them, without commas"),
    (r"(?<=[0-9])\.[0-9]+", "an id has no full stop: write `_` for it, such as `c4_2`"),
    (
        r"\b[A-Z]\w*",
        lambda found: f"write the id as in clauses.tsv, its first letter in lower case: is it `{found[0].lower()}`?",
    ),
    (r":", "end the line with a full stop; the rules stand below it"),
)
#: What is written where a rule can't be read, and what to do about it. The first that fits is told.
_WRITTEN: tuple[tuple[str, Hint], ...] = (
    (r";-|: -|->|<-|⇐|←|\bif\b", "write `:-` between the conclusion and its conditions"),
    (r";(?=[ \t]*(?:\n\S|\s*$))", "a statement ends with a full stop: write `.`"),
    (r";|\|\|?|\bor\b", "a rule has no `or`: write one rule for each, with the same conclusion"),
    (r"&&?|\band\b|∧", "write a comma between conditions: all of them have to hold"),
    (r"=<|≤|⩽", "write `<=`"),
    (r"=>|≥|⩾", "write `>=`"),
    (r"\\==?|=\\=|!==|<>|=/=|≠", "write `!=`"),
    (r'(?<=")[^"\n,:.()]+(?=")', "a text holds no quotation marks: leave those inside it out"),
    (r"\b[a-z]\w*(?:-[a-z]\w*)+", lambda found: f"write `_` for `-` in a name: `{found[0].replace('-', '_')}`"),
    (r"={2,3}|=:=|\bis\b", "write `=`"),
    (r"\\\+|!(?!=)|¬|~", "write `not` before the condition"),
    (r"\b(?:not|known|unknown|recorded) ?\(", "leave the brackets out; for several conditions declare a conclusion of your own"),
    (r"[“”„«»]", 'write a straight quotation mark: `"`'),
    (r"[‘’`']", "codes are written without quotation marks, in lower case and with `_` for a space"),
    (r"[–—−]", "write a plain `-`"),
    (r'"\d{4}-\d\d-\d\d"', "write the date without quotation marks"),
    (r'"[^"\n]*"', "only sentences of `predicate` are texts: write the code, in lower case and with `_` for a space"),
    (r"@clause\b", _STOP_MISSING),
    (r"\bpredicate\b", _STOP_MISSING),
    (r"\b\d\d?[./-]\d\d?[./-]\d{4}\b", "write the date with the year first, such as 2024-09-03"),
    (r"\b(\d\d?)(?:[:.]([0-5]\d))? ?([apAP])\.?[mM]\b", _on_the_clock),
    (r"\bat +(\d\d?)\.([0-5]\d)\b", lambda found: f"write the time with a colon: `{found[1]:0>2}:{found[2]}`"),
    (r"\bat +(?:2[4-9]|[3-9]\d):\d\d", "a day has the times 00:00 to 24:00"),
    (r"\b(\d):([0-5]\d)(?!\d)", lambda found: f"write the time with two digits for the hour: `0{found[1]}:{found[2]}`"),
    (r"\b(?:business|work|office|school) days?\b", "write `working days`"),
    (r"\bcalendar days?\b", "write `days`"),
    (r"\bworking\b(?!\s+days?\b)", "write `working days`"),
    (rf"\b(\d+)({_UNIT})\b", lambda found: f"write a space between the number and its unit: `{found[1]} {found[2]}`"),
    (rf"(?<![+\-] )(?<![+\-\w])(?:within +)?(\d+) +(working )?({_UNIT})\b(?: +(?:after|from|of|before)\b)?", _interval),
    (
        rf"\b([A-Za-z]\w*) - ([A-Z]\w*) *([<>]=?|=)(?: *(\d+ (?:working )?{_UNIT}))?",
        lambda found: f"no date is taken from another: write `{found[1]} {found[3]} {found[2]} + {found[4] or '3 months'}`",
    ),
    (r"\+ *- *(\d+)", lambda found: f"write `- {found[1]}` to go back in time"),
    (r"\b(?:count|sum|min|max)\b ?\([^()\n]*\) *(?:[<>]=?|!?=)", _COUNTED),
    (r"\b(?:unless|except|without)\b", "write `not` before the condition, or an exception: `@clause ID exception_to ID.`"),
    (r"\bwks?\b", "write `weeks`"),
    (r"\bmths?\b", "write `months`"),
    (r"\byrs?\b", "write `years`"),
    (r"\bhrs?\b", "write `hours`"),
    (r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|twenty)\b", "write the number in digits"),
    (r"@\w*", _OPENS),
    (r"//|/\*|#", "a comment starts with `%`"),
    (r"\d+\.\d+", "only whole numbers can be written"),
    (r"\b[A-Z]\w*(?= ?\()", "conclusions and conditions have names in lower case; capitals are for variables"),
)


def what_is_missing(text: str, place: int, wanted: Collection[str]) -> str:
    """What is missing before a place of a statement that can't be read; empty where that is not known.

    wanted  kinds of token that could stand at the place
    """
    before = text[:place]
    line = before[before.rfind("\n") + 1 :]
    if text[place] == '"':
        return "the text has no closing quotation mark on its line"
    if text.startswith("@clause") and "\n" in before.rstrip() and "DOT" in wanted:
        return "is the full stop missing at the end of the line that opens the clause?"
    if text.startswith("@clause") and text[place] == ".":
        return "name the clause that it is an exception to"
    if "DOT" in wanted and not line.strip() and "\n" in text[:place]:
        return _STOP_MISSING
    if "RPAR" in wanted and text[place] == "(" and (name := re.search(r"([a-z]\w*)\s*$", before)):
        return f"what stands in brackets has none of its own: write `{name[1]}` alone, or a condition for its value"
    if "RPAR" in wanted and text.startswith((":-", "."), place):
        return "close the bracket before it: `)`"
    if "DOT" in wanted and text[place] == "," and ":-" not in before and not text.startswith(("@", "predicate")):
        return "a rule has one conclusion: write one rule for each, with the same conditions"
    capital = re.search(r"(?:[,-]|\b(?:not|known|unknown|recorded))\s+([A-Z]\w*)\s*$", before) if text[place] in ",." else None
    if "NAME" in wanted and "VARIABLE" not in wanted:
        capital = re.match(r"([A-Z]\w*)", text[place:])
    if capital:
        return f"conditions have names in lower case: write `{capital[1].lower()}`; capitals are for variables"
    return _two_words(before, text[place:])


def _two_words(before: str, after: str) -> str:
    """What to write for two words with nothing but a space between them."""
    first, second = re.search(r"([@a-z]\w*) $", before), re.match(r"[a-z]\w*", after)
    if first and first[1] in ("unless", "except", "without"):
        return "write `not` before the condition, or an exception: `@clause ID exception_to ID.`"
    if first and first[1] == "clause":
        return _OPENS
    if not first or not second or first[1] in _WORDS or before.startswith("@clause"):
        return ""
    return f"write a comma between them, or `_` for a space in a name: `{first[1]}_{second[0]}`"


def what_to_write(text: str, place: int) -> str:
    """What to write at a place of a statement that can't be read; empty where nothing is known to help."""
    in_a_clause_line = text.startswith("@clause") and "\n" not in text[:place]
    for pattern, hint in _IN_A_CLAUSE_LINE if in_a_clause_line else _WRITTEN:
        for found in re.finditer(pattern, text):
            if found.start() <= place < found.end():
                return hint if isinstance(hint, str) else hint(found)
    return _foreign(text[place : place + 1])


def _foreign(char: str) -> str:
    """What to do about a character that no rule has; empty for those of ASCII.

    Some can't be seen, and some look like a letter of the alphabet that rules are written in.
    """
    if not char or char.isascii():
        return ""
    called = f"this is {unicodedata.name(char, 'a character without a name').lower()} (U+{ord(char):04X})"
    kind, meant = unicodedata.category(char), looks_like(char)
    if kind == "Zs":
        return f"{called}: write a plain space"
    if kind in ("Cf", "Mn"):
        return f"{called}, which can't be seen by itself: take it out"
    if meant:
        return f"{called}: write the letter `{meant}`"
    return f"{called}: names have the letters a to z, digits and `_`"
