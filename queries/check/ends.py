"""Ends and ways back that are missing: teams whose cases no clause ends, and teams from which no clause brings a child back."""

from __future__ import annotations

from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject, code, names

NAME = "ends"


def find(subject: Subject) -> Outcome:
    """Looks at the moves that some case makes by a clause; each missing end and way back is so in every case."""
    back = [_no_way_back(subject, team, origins) for team, origins in _ways_back(subject).items() if origins]
    endless = [team for team in subject.working_teams if not _ends(subject, team)]
    findings = [*([_without_end(subject, endless)] if endless else []), *back]
    return Outcome(tuple(findings), 2 * len(subject.working_teams) - len(endless) - len(back))


def _ends(subject: Subject, team: str) -> bool:
    """Whether some clause closes a case of a team, or says who has the child instead."""
    teams = {each.code for each in subject.program.policy.vocabulary.codes.get("team", ())}
    closed = any(origin == team and to not in teams for origin, to, _ in subject.moves)
    return closed or any(code(atom) == team for atom in subject.atoms("in_place_of"))


def _without_end(subject: Subject, teams: list[str]) -> Finding:
    those = names([subject.team(team) for team in teams], "or")
    clauses = subject.moving(move for move in subject.moves if move[1] in teams)
    advice = "say which team closes a case, on what day, and what has to be done before"
    return Finding(NAME, "gap", f"No clause says when a case ends with {those}.", clauses, advice=advice)


def _ways_back(subject: Subject) -> dict[str, list[str]]:
    """For each team the teams to which no chain of moves leads back, of those from which its children come.

    A move by age can't be taken back, and a team that has its children from the front door alone takes new ones only.
    """
    working = subject.working_teams
    by_age = {code(atom) for atom in subject.atoms("by_age_only")}
    aged = {(origin, to) for origin, to, point in subject.moves if point in by_age}
    sources = {team: {origin for origin, to, _ in subject.moves if to == team and origin != team} for team in working}
    missing: dict[str, list[str]] = {}
    for team in working:
        reached = subject.reached_from(team)
        came = [origin for origin in working if origin in sources[team] - reached and sources[origin] & set(working)]
        missing[team] = [origin for origin in came if (origin, team) not in aged] if reached else []
    return missing


def _no_way_back(subject: Subject, team: str, origins: list[str]) -> Finding:
    those = names([subject.team(origin) for origin in origins], "or")
    says = f"Children come to {subject.team(team)} from {those}, and no clause brings one back when the reason is gone."
    clauses = subject.moving(move for move in subject.moves if move[1] == team and move[0] in origins)
    return Finding(NAME, "gap", says, clauses, advice="say which team takes the child then, and on what day")
