"""The names of policies, told apart: of two editions of one council each is shown with its version."""

from __future__ import annotations

from collections.abc import Sequence

from kb.errors import InputError
from kb.policy import installed, shadowed, title_of
from kb.vocabulary.apart import distinct


def installed_names() -> dict[str, str]:
    """The policies there are, by code, with names that people can tell apart."""
    titles = {}
    for code, folder in installed().items():
        try:
            titles[code] = title_of(folder)
        except InputError:  # it says so where it is opened
            titles[code] = (code, "")
    return dict(zip(titles, apart([(code, *title) for code, title in titles.items()])))


def apart(titles: Sequence[tuple[str, str, str]]) -> list[str]:
    """The names of policies given by code, name and version: with the version, or else the code, where they are alike."""
    names = [name for _, name, _ in titles]
    versioned = [f"{name} ({version})" if version else name for _, name, version in titles]
    coded = [f"{told}: {code}" for told, (code, _, _) in zip(versioned, titles)]
    by_name, by_version = distinct(names), distinct(versioned)
    return [
        name if alone else told if told_apart else full
        for name, told, full, alone, told_apart in zip(names, versioned, coded, by_name, by_version)
    ]


def notes_on_shadowed() -> list[str]:
    """A sentence for each policy of the user that is used in place of one that comes with the program."""
    return [
        f"`{own.code}` is read from {own.folder} (WHICHTEAM_POLICIES), not the policy of this code that comes with whichteam"
        for own in shadowed()
    ]
