"""Helpers to test the app without a browser, with Streamlit's AppTest."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from kb.case import make_case
from kb.engines.forward import Forward
from kb.policy import installed
from kb.samples import Sample, samples_of
from queries.decide import Decision
from queries.exact import decide_exactly
from queries.load import load_program

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60


def start() -> AppTest:
    """A new session of the app."""
    app = AppTest.from_file(str(ROOT / "explain" / "app" / "main.py"), default_timeout=SECONDS).run()
    assert_sound(app)
    return app


def go(app: AppTest, page: str) -> AppTest:
    """Another page of the same session."""
    app.switch_page(f"views/{page}.py").run()
    assert_sound(app)
    return app


def opened(sample: str) -> AppTest:
    """The answer page with a sample, by its key."""
    return choose(start(), sample)


def choose(app: AppTest, sample: str) -> AppTest:
    """Opens a sample from the start page of a session."""
    go(app, "start")
    app.selectbox(key="case").select(sample).run()
    return shown(app)


def shown(app: AppTest) -> AppTest:
    """The page that a click led to by itself, for what is done on it next: AppTest stays with the page it was told last."""
    assert_sound(app)
    return go(app, "why")


def open_file(app: AppTest, document: Any, name: str = "case.json") -> AppTest:
    """Opens a case from a file on the start page of a session."""
    return shown(hand_in(go(app, "start"), (name, json.dumps(document).encode())))


def new_case(app: AppTest, policy: str, number: str = "t-1") -> AppTest:
    """A new case without facts, as it is begun on the start page, and the form for it."""
    go(app, "start").button(key="start-form").click().run()
    go(app, "ask").radio(key="new-policy").set_value(policy)
    app.text_input(key="new-number").set_value(number)
    app.button(key="new-start").click().run()
    return go(app, "facts")


def assert_sound(app: AppTest) -> None:
    """Asserts that the page has no exception and no error message."""
    assert not app.exception
    assert [error.value for error in app.error] == []


def pieces(app: AppTest) -> list[str]:
    """The pieces of the app's own HTML, without the style sheet."""
    found: list[Any] = list(app.get("html"))
    return [element.proto.body for element in found if not element.proto.body.startswith("<style>")]


def text(app: AppTest) -> str:
    """All text of the page's own HTML, headings and paragraphs."""
    told = " ".join(pieces(app))
    plain = re.sub(r"<[^>]+>", " ", told)
    headings = [e.value for kind in (app.title, app.header, app.subheader, app.markdown, app.caption) for e in kind]
    return re.sub(r"\s+", " ", html.unescape(" ".join([*headings, plain])))


def said(line: str) -> str:
    """A line in the form in which `text` has it."""
    return re.sub(r"\s+", " ", line)


def widget(app: AppTest, kind: str, label: str) -> Any:
    """The only widget of a kind with a label."""
    every: list[Any] = list(app.get(kind))
    found = [w for w in every if w.label == label]
    assert len(found) == 1, [w.label for w in every]
    return found[0]


def hand_in(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Uploads files to the page's only file uploader."""
    (uploader,) = app.get("file_uploader")
    place: Any = uploader
    place.set_value([(name, content, "text/plain") for name, content in files] if len(files) > 1 else (*files[0], "text/plain"))
    return app.run()


def all_samples() -> dict[str, Sample]:
    """All samples, by the key that the app gives them."""
    return {
        f"{code}-{number}": sample for code, folder in installed().items() for number, sample in enumerate(samples_of(folder), 1)
    }


def decided(sample: Sample) -> Decision:
    """The decision of a sample by a different engine from the app's."""
    program = load_program(sample.case["policy"], sample.settings)
    return decide_exactly(program, make_case(sample.case, program.policy.vocabulary, "sample"), Forward())
