"""What to write first, in order, where a policy has no team or no rule yet, so that no case can be decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.errors import Fault
from kb.language.signature import Signature
from kb.policy import Policy


def find(policy: Policy, table: Mapping[str, Signature]) -> Iterator[Fault]:
    """One fault with the steps that are still to be made; none where rules name teams that are told to be unknown."""
    if has_begun(policy) or _names_a_team(policy, table):
        return
    steps = "\n    ".join(f"{number}. {step}" for number, step in enumerate(_steps(policy), 1))
    if policy.vocabulary.codes.get("team"):
        yield Fault(policy.code, "there is no rule yet, so no case can be decided", f"write in this order:\n    {steps}")
    else:
        message = "there is no team yet, so no case can be decided"
        yield Fault(f"{policy.code}/codes.tsv", message, f"write in this order:\n    {steps}")


def has_begun(policy: Policy) -> bool:
    """Whether a policy has a team and a rule of its own, so that there is something to check."""
    return bool(policy.vocabulary.codes.get("team")) and _has_rules(policy)


def _has_rules(policy: Policy) -> bool:
    return any(not rule.position.file.startswith("house/") for rule in policy.rules)


def _steps(policy: Policy) -> Iterator[str]:
    own = [clause for clause in policy.clauses.values() if not clause.house and not clause.out_of_scope]
    if not own:
        yield "clauses.tsv: a row for each statement of the document from which something follows for a case"
    elif any(not clause.paraphrase for clause in own):
        yield "clauses.tsv: each clause in your own words, or a reason in `out_of_scope` where nothing follows for a case"
    if not policy.vocabulary.codes.get("team"):
        yield "codes.tsv: a row of the kind `team` for each team, one of the kind `point` for each transfer point"
    if not _has_rules(policy):
        first = own[0].id if own else "ID"
        yield f"rules.dl: `front_door(TEAM).` for the team that gets new contacts, under its line such as `@clause {first}.`"
        yield "rules.dl: the first move, `route(FROM, TO, POINT) :- ...`, with its event, `point_event(POINT, EVENT).`"
        yield "examples.yaml: an example for each sentence that moves a child, and then the rules of the other clauses"


def _names_a_team(policy: Policy, table: Mapping[str, Signature]) -> bool:
    """Whether a rule of the policy concludes something about a team."""
    own = (rule.head for rule in policy.rules if not rule.position.file.startswith("house/"))
    return any("team" in table[head.predicate].sorts for head in own if head.predicate in table)
