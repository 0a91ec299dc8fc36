"""A folder for a new policy, copied from the template."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from kb import output
from kb.errors import Fault, InputError
from kb.policy import TEMPLATE, installed

_CODE = re.compile(r"[a-z][a-z0-9_]*$")


def new_policy(name: str, home: Path) -> Path:
    """Makes `home/name` from the template. Errors: `InputError`; nothing is ever overwritten."""
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
