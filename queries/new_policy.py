"""Creates the folder of a new policy from the template."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from kb import output
from kb.errors import Fault, InputError
from kb.policy import TEMPLATE, installed

_CODE = re.compile(r"[a-z][a-z0-9_]*$")


def new_policy(name: str, home: Path) -> Path:
    """Creates `home/name` and returns its path. Errors: `InputError` if the code is invalid or taken, or the folder exists."""
    if not _CODE.match(name):
        raise InputError([Fault("name", f"`{name}` is not a policy code", "use lower-case letters, digits and _")])
    if name in installed():
        raise InputError([Fault("name", f"there is a policy `{name}` already", "choose another name")])
    folder = home / name
    if folder.exists():
        raise InputError([Fault(str(folder), "exists already", "choose another name or place")])
    with output.filling(folder, private=False) as inside:
        shutil.copytree(TEMPLATE, inside, dirs_exist_ok=True)
    return folder
