#!/usr/bin/env python3
"""Builds the documentation site into `build/site`: `python tools/docs_site.py`. Needs the extra `docs`, and no network.

Every warning is an error. The built pages and style sheets are searched for anything that a browser would load from another
host. (The theme's script loads some files from other hosts: a library for Mermaid diagrams, statistics of a repository that
the configuration names, and a polyfill for browsers before 2020. The site has no such diagrams and names no repository.)
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "build" / "site"
#: Attributes with addresses that a browser loads or sends to, by element. Links (`a`) are not included.
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href", "form": "action"}
NOT_LOADED = ("canonical", "prev", "next")  # values of `rel` of a `link` that is not loaded
_ELSEWHERE = re.compile(r"(?:https?:)?//")
_IN_STYLE = re.compile(r"(?:@import\s+(?:url\()?|url\()\s*[\"']?((?:https?:)?//[^\"')\s]+)")


class _Page(HTMLParser):
    """Collects what a page loads from other hosts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        address = given.get(LOADING.get(tag, ""), "")
        if _ELSEWHERE.match(address) and given.get("rel") not in NOT_LOADED:
            self.found.append(f"{tag} {address}")


def loaded_from_elsewhere(html: str) -> list[str]:
    """The addresses on other hosts that a browser would load for a page, each with its element."""
    page = _Page()
    page.feed(html)
    return page.found


def styled_from_elsewhere(css: str) -> list[str]:
    """The addresses on other hosts that a style sheet loads."""
    return _IN_STYLE.findall(css)


def outside_requests(site: Path) -> list[str]:
    """What the pages and style sheets of a site load from other hosts, as `FILE: ADDRESS`."""
    found = []
    for file in sorted(site.rglob("*")):
        if file.suffix in (".html", ".css"):
            look = loaded_from_elsewhere if file.suffix == ".html" else styled_from_elsewhere
            found += [f"{file.relative_to(site)}: {address}" for address in look(file.read_text(encoding="utf-8"))]
    return found


def main() -> int:
    """Builds the site and returns the exit code."""
    if find_spec("material") is None:
        print("error: mkdocs-material is not installed\n    install the extra: pip install .[docs]", file=sys.stderr)
        return 2
    command = [sys.executable, "-m", "mkdocs", "build", "--clean", "--quiet", "--config-file", str(ROOT / "mkdocs.yml")]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}  # suppresses an advertisement
    code = subprocess.run(command, cwd=ROOT, env=quiet).returncode
    if code:
        return code
    outside = outside_requests(SITE)
    for line in outside:
        print(f"error: loads from another host: {line}", file=sys.stderr)
    print(f"{len(list(SITE.rglob('*.html')))} pages in {SITE}")
    return 1 if outside else 0


if __name__ == "__main__":
    sys.exit(main())
