"""Display names of policies. Policies of one council with the same name are shown with version or code."""

from __future__ import annotations

from collections.abc import Sequence

from kb.errors import InputError
from kb.policy import installed, shadowed, title_of
from kb.vocabulary.apart import distinct


def installed_names() -> dict[str, str]:
    """Code to display name of every installed policy."""
    titles = {}
    for code, folder in installed().items():
        try:
            titles[code] = title_of(folder)
        except InputError:  # reported when the policy is opened
            titles[code] = (code, "")
    return dict(zip(titles, apart([(code, *title) for code, title in titles.items()])))


def apart(titles: Sequence[tuple[str, str, str]]) -> list[str]:
    """Display names for policies given as (code, name, version): with the version, else the code, where names are equal."""
    names = [name for _, name, _ in titles]
    versioned = [f"{name} ({version})" if version else name for _, name, version in titles]
    coded = [f"{with_version}: {code}" for with_version, (code, _, _) in zip(versioned, titles)]
    by_name, by_version = distinct(names), distinct(versioned)
    return [
        name if alone else with_version if told_apart else full
        for name, with_version, full, alone, told_apart in zip(names, versioned, coded, by_name, by_version)
    ]


def notes_on_shadowed() -> list[str]:
    """A sentence for each user's policy that replaces a built-in one of the same code."""
    return [
        f"`{own.code}` is read from {own.folder} (WHICHTEAM_POLICIES), not the policy of this code that comes with whichteam"
        for own in shadowed()
    ]
