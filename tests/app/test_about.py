"""The About page: promises, versions and the draft transparency record."""

from __future__ import annotations

from explain.document.as_markdown import as_markdown
from explain.transparency import FOR_THE_COUNCIL, draft, transparency_record
from kb.policy import installed
from queries.coverage import coverage_of
from queries.load import load_program
from tests.app.screen import go, start, text, widget


def test_versions_and_hashes_are_those_of_the_policies() -> None:
    told = text(go(start(), "about"))
    for code in installed():
        policy = load_program(code).policy
        assert policy.digest in told
        assert policy.version in told


def test_what_it_does_not_do_is_said() -> None:
    told = text(go(start(), "about"))
    assert "It does not decide for anyone. It advises; a person decides." in told
    assert "A manager who knows the child reads the answer and its proof before acting on it." in told


def test_the_draft_is_of_the_policy_in_use() -> None:
    app = go(start(), "about")
    widget(app, "selectbox", "Policy in use").select("sefton").run()
    policy = load_program("sefton").policy
    found = coverage_of(policy)
    assert f"{found.rules} rules encode {len(found.encoded)} of the policy's" in text(app)
    told = as_markdown(draft(policy))
    assert told.count("## ") == len(transparency_record(policy)) == 6
    assert told.count(FOR_THE_COUNCIL) >= 8, "what only the council can say is left to it"
    assert policy.name in told
    assert "[" not in told.replace(FOR_THE_COUNCIL, "")
