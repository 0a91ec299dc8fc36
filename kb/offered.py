"""How a command that a message offers names the policy: as the user gave it, so that it can be run as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from kb.errors import Fault
from kb.policy import installed

_LOOKED_UP = re.compile(r"`(whichteam (?:facts|codes))`")


def quoted(given: str) -> str:
    """An argument as a shell takes it: in quotation marks if it has a space."""
    return f'"{given}"' if " " in given else given


def policy_option(given: str | None) -> str:
    """The option ` --policy POLICY` with the policy as it was given; empty where none was."""
    return f" --policy {quoted(given)}" if given else ""


def for_its_cases(given: str) -> str:
    """The option that a command on a case of a policy needs: none where the case's own code finds the policy."""
    return "" if given in installed() else policy_option(given)


def naming(faults: Iterable[Fault], given: str | None) -> list[Fault]:
    """Faults with the policy named in the commands that they offer to look up a name; unchanged where none was given."""
    option = policy_option(given)
    return [replace(f, hint=_LOOKED_UP.sub(lambda found: f"`{found[1]}{option}`", f.hint)) for f in faults]
