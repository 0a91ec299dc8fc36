"""The version of this program."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def own_version() -> str:
    """The version of the program that is installed; `0` where it runs without being installed."""
    try:
        return version("whichteam")
    except PackageNotFoundError:
        return "0"
