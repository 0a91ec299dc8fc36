"""Names of teams: known, proposed with a mark, or asked about; never guessed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kb.errors import InputError
from kb.intake.teams import Proposal, Settings, Teams, load_settings, propose, settings_text
from tests.intake.books import VOCABULARY


@pytest.mark.parametrize("name", ["alpha", "Alpha Team", "ALPHA  TEAM", " alpha\u00a0team", "team a"])
def test_a_name_of_the_policy_needs_no_file(name: str) -> None:
    assert Teams(VOCABULARY, Settings()).code(name) == "alpha"


def test_a_name_that_is_only_alike_is_not_known() -> None:
    assert Teams(VOCABULARY, Settings()).code("Alpha Team 2") is None


def test_names_are_proposed_by_their_spelling() -> None:
    assert propose(["Team A", "North Alpha Team 2", "Gamma Teem", "Harbour House"], VOCABULARY) == [
        Proposal("Gamma Teem", "gamma", False),
        Proposal("Harbour House", "", False),
        Proposal("North Alpha Team 2", "alpha", False),
        Proposal("Team A", "alpha", True),
    ]


def test_words_of_the_field_count_as_the_same() -> None:
    from kb.vocabulary.model import Code, Vocabulary

    teams = (Code("team", "care", "Cared for Children Team"), Code("team", "disabled", "Children with Disabilities Service"))
    vocabulary = Vocabulary({}, {}, {"team": teams})
    found = {p.name: p.code for p in propose(["Children in Care Team 2", "LAC Team", "Disabled Children Team"], vocabulary)}
    assert found == {"Children in Care Team 2": "care", "LAC Team": "care", "Disabled Children Team": "disabled"}


def test_a_proposal_counts_only_once_its_mark_is_off(tmp_path: Path) -> None:
    path = tmp_path / "teams.toml"
    path.write_text(
        settings_text(propose(["North Alpha Team", "Harbour House", 'The "Best" Team'], VOCABULARY), "tiny", VOCABULARY)
    )
    assert tomllib.loads(path.read_text())["teams"] == {"North Alpha Team": "alpha?", "Harbour House": "", 'The "Best" Team': ""}
    assert Teams(VOCABULARY, load_settings(path, VOCABULARY)).code("North Alpha Team") is None
    path.write_text(path.read_text().replace('"alpha?"', '"alpha"').replace('"Harbour House" = ""', '"Harbour House" = "none"'))
    teams = Teams(VOCABULARY, load_settings(path, VOCABULARY))
    assert (teams.code("north alpha team"), teams.code("Harbour House"), teams.code('The "Best" Team')) == ("alpha", "none", None)


def test_a_settings_file_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "teams.toml"
    path.write_text(
        '[team]\n"A" = "alpha"\n[teams]\n"B" = "betta"\n[values.yes]\n"J" = "yes"\n'
        '[values.yes_or_no]\n"Ja" = "yes"\n"Nein" = "never"\n'
    )
    with pytest.raises(InputError) as error:
        load_settings(path, VOCABULARY)
    assert [str(fault) for fault in error.value.faults] == [
        "teams.toml: unknown part `team`\n    did you mean `teams`?",
        "teams.toml: teams.B: `betta` is not a team of this policy\n    did you mean `beta`?",
        "teams.toml: values.yes: there is no list `yes`\n    " + _lists(),
        "teams.toml: values.yes_or_no.Nein: `never` is not a code of this list\n    codes: yes, no",
    ]


def _lists() -> str:
    from kb.errors import did_you_mean
    from kb.intake.values import code_lists

    return did_you_mean("yes", code_lists()) or "lists: " + ", ".join(code_lists())
