"""Text from cases and policies is shown literally, without markup, on every page and in every element."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from google.protobuf.message import Message  # type: ignore[import-untyped]
from streamlit.testing.v1 import AppTest

import explain.app
from explain.app import plain, session
from explain.app.plain import escaped
from kb.errors import InputError
from queries.check import no_team
from queries.graph.build import team_graph
from queries.load import load_program
from tests.app import hostile
from tests.app.hostile import MARK, NASTY
from tests.app.screen import choose, go, hand_in, start, widget

APP = Path(explain.app.__path__[0])
#: Functions of Streamlit that the app's modules may use. Of these, only `html` shows text.
OF_STREAMLIT = {
    "App", "Page", "column_config", "columns", "components", "container", "dataframe", "empty", "form", "html", "navigation",
    "rerun", "session_state", "set_page_config", "switch_page",
}  # fmt: skip
#: Objects that have an attribute named like an element of Streamlit, but are not Streamlit's.
OWN_NAMES = {"plain", "try_it", "_log"}
#: Fields of Streamlit's messages that are not rendered as Markdown (in a browser: tests/browser/test_hostile.py).
TEXT_FIELDS = {"selectbox.options", "selectbox.raw_value", "multi_select.options", "arrow_data.data"}
#: The picture of the map is a component of the app's own.
PICTURE = "bidi_component.json"
OWN_TAGS = {
    "div", "p", "ul", "ol", "li", "h3", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "span",
    "strong", "s", "blockquote", "code", "br",
}  # fmt: skip
OWN_ATTRIBUTES = {"class", "style", "role", "open", "scope", "colspan", "tabindex", "aria-label", "aria-current"}


SECTIONS = ("Clauses", "What the text leaves open", "Exceptions", "What is left out", "The council's document")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Why this team?", "Why this team?"),
        ("Try other facts (2)", "Try other facts (2)"),
        ("Young People's Team, 16+", "Young People's Team, 16+"),
        ("a\n b\t c", "a b c"),
        ("# no heading", r"\# no heading"),
        ("- no list", r"\- no list"),
        ("12. no list", r"12\. no list"),
        ("3) no list", r"3\) no list"),
        ("Help & Support", "Help & Support"),
        ("icpc_held_on", "icpc_held_on"),
        ("`code` and `", r"\`code\` and \`"),
        (r"C:\x", "C\\:\u2060\\\\x"),
        ("*s* _e_ ~~d~~", r"\*s\* \_e\_ \~\~d\~\~"),
        ("[a](b) ![i](j)", r"\[a\](b) !\[i\](j)"),
        ("<b> &amp; $x$", r"\<b\> \&amp; \$x\$"),
        (":smile: at 10:30", "\\:\u2060smile: at 10\\:\u206030"),
        ("https://x.y", "https\\:\u2060//x.y"),
        ("WWW.x.y a@x.y", "WWW\u2060.x.y a@\u2060x.y"),
        ("a -> b <- c", "a -\u2060\\> b \\<\u2060- c"),
    ],
)
def test_a_text_is_written_as_the_markdown_that_shows_it(text: str, shown: str) -> None:
    assert escaped(text) == shown


def _used(path: Path) -> Iterator[tuple[str, str, bool, int]]:
    """The attributes that a module uses: (object's name, attribute, whether it is called, line)."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    for node in nodes:
        if isinstance(node, ast.Attribute):
            of = node.value.id if isinstance(node.value, ast.Name) else ""
            yield of, node.attr, id(node) in called, node.lineno


def test_no_module_shows_a_text_but_through_the_elements_for_text_only() -> None:
    own = {name for name, found in vars(plain).items() if callable(found) and hasattr(found, "__wrapped__")}
    assert {"title", "button", "selectbox", "error", "dialog"} <= own
    for path in sorted(APP.rglob("*.py")):
        if path.name == "plain.py":
            continue
        used = list(_used(path))
        assert [(name, line) for of, name, _, line in used if of == "st" and name not in OF_STREAMLIT] == [], path.name
        assert [(of, name, line) for of, name, call, line in used if call and name in own and of not in OWN_NAMES] == [], (
            path.name
        )
        assert "from streamlit" not in path.read_text(encoding="utf-8"), path.name


class _Html(HTMLParser):
    """Tags, attributes and text of a piece of the app's own HTML."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def _strings(message: Message, name: str) -> Iterator[tuple[str, str]]:
    """Every text in a message of Streamlit, with its field."""
    for field, value in message.ListFields():
        for part in value if field.is_repeated else [value]:
            if isinstance(part, Message):
                yield from _strings(part, field.name)
            elif isinstance(part, str | bytes):
                yield f"{name}.{field.name}", part if isinstance(part, str) else part.decode("latin-1")


def _messages(node: Any) -> Iterator[tuple[str, str]]:
    """Every text on the page, including blocks and dialogs."""
    proto = getattr(node, "proto", None)
    if isinstance(proto, Message):
        yield from _strings(proto, getattr(node, "type", proto.DESCRIPTOR.name))
    for child in getattr(node, "children", {}).values():
        yield from _messages(child)


def _shown(markdown: str) -> str:
    """The text that a line of escaped Markdown shows."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown.replace("\u2060", ""))


def check(app: AppTest) -> int:
    """Asserts that a page shows hostile texts literally everywhere. Returns the number of places."""
    assert not app.exception
    count = 0
    for field, text in _messages(app._tree):
        if field in TEXT_FIELDS or MARK not in text.replace("\u2060", ""):
            continue
        count += 1
        if field.endswith("html.body"):
            found = _Html(text)
            assert found.tags <= OWN_TAGS, field
            assert {name for name, _ in found.attributes} <= OWN_ATTRIBUTES, field
            assert [value for _, value in found.attributes if MARK in value] == [], field
            assert f"<img src=http://{MARK}/h.png" in found.text
        elif field == PICTURE and "svg" in json.loads(text):
            _picture(text)
        elif field == PICTURE:  # what is spoken: it becomes the text of an element (`speech.js`)
            assert set(json.loads(text)) == {"say", "said", "turn", "page", "unsaved"}
        else:
            for line in text.split("\n"):
                bare = line.removeprefix("- ")
                assert escaped(_shown(bare)) == bare, f"{field}: {bare}"
    return count


def _picture(text: str) -> None:
    """Asserts that the map's SVG has only shapes and texts, with links only within the page."""
    svg = ElementTree.fromstring(json.loads(text)["svg"])
    tags = {element.tag.rpartition("}")[2] for element in svg.iter()}
    assert tags <= {"svg", "title", "desc", "g", "polygon", "path", "text", "a", "tspan", "ellipse", "polyline", "defs", "style"}
    attributes = [(name.rpartition("}")[2], value) for element in svg.iter() for name, value in element.attrib.items()]
    assert [value for name, value in attributes if name == "href" and not value.startswith("#")] == []
    assert [(name, value) for name, value in attributes if MARK in value and name not in ("title", "aria-label")] == []


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("WHICHTEAM_POLICIES", str(hostile.policies(tmp_path)))
    return start()


def test_the_answer_and_what_is_asked_of_it(app: AppTest) -> None:
    check(app)
    for sample in ("hostile-1", "hostile-2"):
        choose(app, sample)
        assert check(app) > 5
    for page in ("facts", "ask"):
        go(app, page)
        assert check(app) > 1
    choose(app, "hostile-1")
    widget(app, "selectbox", "Team").select("river_team").run()
    assert check(app) > 5
    app.button(key="route-1").click().run()
    assert check(app) > 5
    app.session_state["tried"] = {"planning_circle_held_on": "2024-05-17"}
    app.run()
    assert check(app) > 5


def test_the_map(app: AppTest) -> None:
    choose(app, "hostile-1")
    go(app, "map")
    assert PICTURE in [field for field, text in _messages(app._tree) if MARK in text]
    assert check(app) > 3
    for look in widget(app, "selectbox", "Look at a team or a move").options[:1], ["family_team"]:
        app.session_state["look"] = look[0] if look[0] == "family_team" else None
        app.run()
        assert check(app) > 3
    graph = team_graph(load_program("hostile"))
    app.session_state["look"] = graph.moves[0].id
    app.run()
    assert check(app) > 3


@pytest.mark.parametrize("section", SECTIONS)
def test_the_policy(app: AppTest, section: str) -> None:
    choose(app, "hostile-1")
    go(app, "policy")
    app.button_group(key="section").set_value(section).run()
    assert check(app) > 0
    if section == SECTIONS[1]:
        app.button(key="effects").click().run()
        assert check(app) > 0
    if section == SECTIONS[4]:
        hand_in(app, (f"{NASTY.replace('/', '|')}.txt", b"\xff\xfe"))
        assert len(app.error) == 1
        assert check(app) > 0


def test_the_checks_and_two_compared(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queries.check.CHECKS", (no_team,))
    choose(app, "hostile-2")
    go(app, "checks")
    app.button(key="check").click().run()
    assert check(app) > 0
    app.button_group(key="checks-section").set_value("Compare two").run()
    check(app)
    app.button(key="compare").click().run()
    assert check(app) > 0
    app.button_group(key="compare-with").set_value("Another council").run()
    assert check(app) > 0


def test_the_cases_and_about(app: AppTest) -> None:
    choose(app, "hostile-1")
    go(app, "cases")
    hand_in(app, (f"{NASTY.replace('/', '|')}.json", json.dumps({**hostile.CASE, "facts": {NASTY: True}}).encode()))
    app.button(key="decide").click().run()
    check(app)
    go(app, "about")
    assert check(app) > 1


@pytest.mark.parametrize(
    "document",
    [
        {**hostile.CASE, "facts": {NASTY: True}},
        {**hostile.CASE, "facts": {"team_on_record": NASTY}},
        {**hostile.CASE, "facts": {"date_of_birth": NASTY}},
        {**hostile.CASE, "policy": NASTY},
        {**hostile.CASE, "case_id": NASTY},
        {**hostile.CASE, "as_of": NASTY},
        {**hostile.CASE, NASTY: 1},
    ],
)
def test_the_faults_of_a_file(app: AppTest, document: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        session.read_case(document, f"{NASTY}.json")
    app.session_state["faults"] = refused.value.faults
    app.run()
    (error,) = app.error
    assert MARK in error.value.replace("\u2060", "")
    assert check(app) > 0
