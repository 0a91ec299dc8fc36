"""Safe defaults: the app listens on this machine only and writes nothing about a case where others could read it."""

from __future__ import annotations

import logging
import re
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from explain.app import command as command_module
from explain.app import inputs, style
from explain.app.guard import guarded
from explain.app.settings import command, environment
from kb.errors import Fault, InputError
from kb.samples import samples_of
from kb.vocabulary.load import load_vocabulary
from tests.app.screen import ROOT, go, opened, pieces, start
from tests.helpers import whichteam

SECRET = "A-name-that-is-nobodys"


def test_the_settings_that_keep_it_on_this_machine() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["server"]["maxUploadSize"] <= 5
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["logger"]["hideWelcomeMessage"] is True  # otherwise Streamlit may show advertisements
    assert (settings["client"]["showErrorDetails"], settings["client"]["showErrorLinks"]) == ("none", False)


def test_the_command_passes_the_safe_settings() -> None:
    found = command(Path("app.py"), 8511)
    assert [part for part in found if part.startswith("--")] == [
        "--server.port=8511",
        "--server.address=127.0.0.1",
        "--server.headless=true",
        "--server.showEmailPrompt=false",
        "--server.enableCORS=true",
        "--server.enableXsrfProtection=true",
        "--server.xsrfCookieSameSite=strict",
        "--server.enableAgentApi=false",
        "--server.enableStaticServing=false",
        "--server.maxUploadSize=5",
        "--browser.gatherUsageStats=false",
        "--client.showErrorDetails=none",
        "--client.showErrorLinks=false",
        "--client.toolbarMode=minimal",
        "--logger.enableRich=false",
        "--logger.hideWelcomeMessage=true",
        "--server.allowedHosts=127.0.0.1",
        "--server.allowedHosts=localhost",
    ]


def test_the_users_own_settings_for_streamlit_are_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STREAMLIT_SERVER_ENABLE_CORS", "false")
    monkeypatch.setenv("WHICHTEAM_POLICIES", "ours")
    monkeypatch.setenv("WHICHTEAM_CACHE", "kept")
    found = environment(tmp_path)
    assert [name for name in found if name.startswith("STREAMLIT_")] == []
    names = ("HOME", "USERPROFILE", "WHICHTEAM_CACHE", "WHICHTEAM_POLICIES", "XDG_CACHE_HOME")
    assert {name: found[name] for name in names} == {
        "HOME": str(tmp_path),
        "USERPROFILE": str(tmp_path),
        "WHICHTEAM_CACHE": str(Path("kept").absolute()),  # the app runs in another folder
        "WHICHTEAM_POLICIES": str(Path("ours").absolute()),
        "XDG_CACHE_HOME": str(Path.home() / ".cache"),  # the cache stays where it was
    }


@pytest.mark.parametrize(
    ("named", "wanted", "found"),
    [
        ("", True, "DATA/whichteam/register.sqlite"),
        ("team.sqlite", True, "HERE/team.sqlite"),  # the app runs in another folder
        ("postgresql://ann@server/register", True, "postgresql://ann@server/register"),
        ("off", True, "off"),
        ("team.sqlite", False, "off"),  # --no-register
    ],
)
def test_the_register_is_the_users_own_or_the_one_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str, wanted: bool, found: str
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("WHICHTEAM_REGISTER", named)
    expected = found.replace("DATA", str(tmp_path)).replace("HERE", str(Path.cwd()))
    assert environment(tmp_path / "home", wanted)["WHICHTEAM_REGISTER"] == expected


def test_what_is_no_register_is_refused_before_the_app_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHICHTEAM_REGISTER", "mysql://server/register")
    ran = whichteam("app", "--no-browser", "--port", "8599")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: WHICHTEAM_REGISTER: names a database of the kind `mysql`, expected PostgreSQL\n"
        "    write for example postgresql://user@host/database, or the path of a file\n"
    )


def test_a_port_in_use_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = whichteam("app", "--port", str(port), "--no-browser")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: --port: port {port} is in use on this machine\n    choose another, such as --port 8502\n"


def test_ending_the_command_ends_the_app() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "explain.cli", "app", "--no-browser", "--no-register", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"The app is at http://127.0.0.1:{port}, for this machine only. Ctrl-C ends it.\n"
        assert process.stdout.readline() == "No register: a case stays in its browser tab until it is saved as a file.\n"
        assert eventually(lambda: answers(port))
        process.terminate()
    assert eventually(lambda: not answers(port))


def test_an_app_that_lets_the_signal_pass_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_module, "PATIENCE", 0.1)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        command_module._end(process)
        assert process.wait(30) != 0


def answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether a condition becomes true within a minute."""
    for _ in range(600):
        if holds():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("port", ["0", "70000"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    ran = whichteam("app", "--port", port, "--no-browser")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: --port: `{port}` is not a port\n    choose one from 1 to 65535, such as 8501\n"


def test_what_goes_wrong_inside_is_neither_shown_nor_logged(caplog: pytest.LogCaptureFixture) -> None:
    from streamlit.testing.v1 import AppTest

    def page() -> None:
        from explain.app.guard import guarded

        def broken() -> None:
            raise ValueError("A-name-that-is-nobodys")

        guarded(broken)

    with caplog.at_level(logging.ERROR, "whichteam"):
        app = AppTest.from_function(page).run()
    assert not app.exception
    (error,) = app.error
    assert error.value.startswith("This page could not be shown (reference ")
    assert SECRET not in error.value
    assert [SECRET in record.getMessage() for record in caplog.records] == [False]
    assert "ValueError at " in caplog.records[0].getMessage()


def test_what_goes_wrong_when_something_is_pressed_is_neither_shown_nor_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Errors in callbacks are caught and logged by Streamlit itself."""
    from streamlit.testing.v1 import AppTest

    def page() -> None:
        import streamlit as st

        from explain.app.guard import log_no_values

        def broken() -> None:
            raise ValueError("A-name-that-is-nobodys")

        log_no_values()
        st.button("Press", on_click=broken)

    before, streamlit = logging.getLogRecordFactory(), logging.getLogger("streamlit.error_util")
    streamlit.addHandler(caplog.handler)
    try:
        app = AppTest.from_function(page).run()
        app.button[0].click().run()
    finally:
        logging.setLogRecordFactory(before)
        streamlit.removeHandler(caplog.handler)
    assert (SECRET in caplog.text, "Traceback" in caplog.text) == (False, False)
    assert re.search(r"Uncaught app execution: ValueError at \S+:\d+ in broken < ", caplog.text)


def test_faults_are_shown_as_on_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("streamlit.error", told.append)

    def page() -> None:
        raise InputError([Fault("case.json", "unknown fact `x`", "did you mean `y`?"), Fault("case.json", "a <b> *c*")])

    guarded(page)
    assert told == [
        "This can't be used as it is:\n\n"
        "- case.json: unknown fact \\`x\\` — did you mean \\`y\\`?\n"
        "- case.json: a \\<b\\> \\*c\\*"
    ]


def test_what_people_write_is_shown_as_text() -> None:
    """Markup in a value of a case is shown as text."""
    app = opened("blackpool-1")
    case = app.session_state["opened"]
    app.session_state["opened"] = type(case)("<b>bold</b>", {**case.document, "case_id": "x"}, case.settings, "")
    app.run()
    assert not app.exception
    assert [piece for piece in pieces(app) if "<b>bold" in piece] == []
    assert "javascript" not in style.sheet().lower()


def test_no_page_asks_for_anything_outside() -> None:
    app = start()
    found = pieces(app)
    for page in ("policy", "cases", "about"):
        found += pieces(go(app, page))
    assert [piece for piece in found if "http" in piece or "url(" in piece or "<img" in piece or "<script" in piece] == []


@pytest.mark.parametrize("row", ['[{"title": "x"}]', '{"title": "x"}', '[{"case": {}}]'])
def test_samples_that_are_none_are_told(tmp_path: Path, row: str) -> None:
    (tmp_path / "samples.json").write_text(row, encoding="utf-8")
    with pytest.raises(InputError) as told:
        samples_of(tmp_path)
    assert "is not a list of samples" in str(told.value)
    assert samples_of(tmp_path / "nowhere") == ()


def test_every_fact_has_a_place_on_the_form() -> None:
    vocabulary = load_vocabulary()
    placed = [name for group in vocabulary.groups for name in group.facts]
    assert sorted(placed) == sorted(vocabulary.recorded)
    assert len(placed) == len(set(placed))
    assert vocabulary.groups[0].title == "Who has the child"
    assert max(len(group.facts) for group in vocabulary.groups) <= 24


def test_a_group_that_starts_with_no_fact_is_told(tmp_path: Path) -> None:
    (tmp_path / "groups.tsv").write_text("group\tfirst_fact\nThe child\tdate_of_brith\n", encoding="utf-8")
    with pytest.raises(InputError) as told:
        load_vocabulary(tmp_path)
    assert f"{tmp_path.name}/groups.tsv:2, column `first_fact`: unknown fact `date_of_brith`" in str(told.value)
    assert "did you mean `date_of_birth`?" in str(told.value)


def test_values_are_said_in_words() -> None:
    vocabulary = load_vocabulary()

    def said(name: str, raw: object) -> str:
        return inputs.said(vocabulary.facts[name], raw, vocabulary)

    assert said("date_of_birth", "2017-05-04") == "4 May 2017"
    assert said("icpc_held_on", ["2022-05-10", "2024-09-20"]) == "10 May 2022; 20 September 2024"
    assert said("contact_received_on", ["2022-05-10", "2024-09-20"]) == "10 May 2022; 20 September 2024"
    assert said("icpc_held_on", True) == "happened, date not known"
    assert said("icpc_held_on", False) == "has not happened"
    assert said("threshold_met", False) == "no"
    assert said("transfer_record_sent_at", "2024-09-06T09:05") == "6 September 2024 at 09:05"
    assert said("final_orders", []) == "none"
    assert said("final_orders", ["care_order", "no_order"]) == "care order, no order"
    assert said("team_on_record", "none") == "no team"
    assert (
        said("siblings", [{"date_of_birth": "2020-02-01", "cared_for": True}]) == "date of birth 1 February 2020, cared for yes"
    )
    assert said("threshold_level", None) == "not known"
