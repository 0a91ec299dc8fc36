"""Printing for people: decisions, routes to a team, changes, clauses, readings, coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.tree import Tree

from explain.answer import contradictions, headline, parts
from explain.assumptions import with_assumptions
from explain.clause_tree import Branch, clause_tree, notes, one_line
from explain.decision_json import decision_json
from explain.journey import was_there
from explain.policy_names import apart
from explain.screen import Screen
from explain.tree import Sentence, Teller
from explain.values import value_words
from explain.why_not import NEAREST, further_off, lacks, no_route, route_title
from explain.words import ADVICE, Words, capital, full_stop, recorded, spans
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError, did_you_mean, many
from kb.json_yaml import read_document
from kb.offered import policy_option
from kb.policy import Policy, find_policy, installed, load_policy
from kb.program import Program
from kb.vocabulary.model import Fact, Vocabulary
from queries.assumptions import Assumptions
from queries.coverage import Coverage, coverage_of
from queries.decide import Decision
from queries.exact import decide_exactly
from queries.load import load_case
from queries.what_if import changed_case, parse_changes
from queries.what_if import what_if as tried
from queries.why_not import Route, for_the_child, routes_to

console = Screen()


def print_decision(decision: Decision, assumed: Assumptions | None = None, given: str | None = None) -> None:
    """Prints one decision; `assumed` adds its assumptions, `given` is the policy that the user named."""
    policy = decision.model.program.policy
    console.print(f"[bold]{escape(headline(decision))}[/bold]")
    console.print(f"[dim]{escape(policy.name)}, {escape(policy.document)} ({escape(policy.version)})[/dim]")
    for line in contradictions(decision):
        console.print(f"[bold]{escape(line)}[/bold]")
    for part in with_assumptions(parts(decision), decision, assumed):
        console.print(f"\n[bold]{escape(part.title)}[/bold]")
        print_lines(part.lines)
    cited = ", ".join(f"{c['id']} (line {spans(tuple(c['lines']))})" for c in decision_json(decision, proof=False)["clauses"])
    console.print("\n[bold]Clauses[/bold]")
    console.print(Padding(escape(cited or "none"), (0, 0, 0, 2), expand=False))
    console.print(f"\n[dim]{ADVICE} For the reasons: whichteam why CASE{escape(policy_option(given))}[/dim]", soft_wrap=True)


def print_lines(lines: Iterable[str]) -> None:
    """Prints lines, indented."""
    for line in lines:
        console.print(Padding(escape(line), (0, 0, 0, 2), expand=False))


def print_side_by_side(decisions: Sequence[Decision], left_out: Sequence[dict[str, str]]) -> None:
    """Prints decisions of several policies in columns. `left_out`: for each, fact to the reason why it was not used."""
    policies = [decision.model.program.policy for decision in decisions]
    names = apart([(policy.code, policy.name, policy.version) for policy in policies])
    titles = list(dict.fromkeys(part.title for decision in decisions for part in parts(decision)))
    table = Table("", *map(escape, names), show_lines=True)
    table.add_row("Answer", *(escape(headline(decision)) for decision in decisions))
    for title in titles:
        cells = [next((part.lines for part in parts(d) if part.title == title), ()) for d in decisions]
        table.add_row(title, *(escape("\n".join(lines)) for lines in cells))
    console.print(table)
    for policy, name, reasons in zip(policies, names, left_out):
        vocabulary = policy.vocabulary
        for fact, reason in reasons.items():
            label = vocabulary.facts[fact].label if fact in vocabulary.facts else fact
            console.print(f"Left out for {escape(name)}: {escape(label)} ({escape(reason)}).")
    console.print(f"[dim]{ADVICE}[/dim]")


def why_not(wanted: str, path: Path, policy: str | None, as_of: int | None, settings: dict[str, str], everything: bool) -> None:
    """Prints the routes by which the policy could give a team, and what fails in each.

    wanted      team code, name or alias
    as_of       day of the answer as an ordinal; None for the case's own
    everything  all routes, not only the nearest ones that can concern the child

    Errors: `InputError`.
    """
    team_and_case("why-not", wanted, path, policy)
    program, case = load_case(path, policy, as_of, settings)
    decision = decide_exactly(program, case, PyDatalog())
    team = find_team(program, wanted)
    name = program.policy.vocabulary.label("team", team)
    console.print(f"[bold]{escape(headline(decision))}[/bold]")
    if decision.responsible_team == team:
        console.print(f"{escape(name)} is the team that holds the child: see whichteam why CASE{escape(policy_option(policy))}.")
        return
    for sentence in was_there(decision, team):
        console.print(escape(sentence))
    routes = routes_to(decision.model, team)
    if not routes:
        console.print(escape(no_route(decision.model, team)))
        return
    teller = Teller(decision.model)
    concern = routes if everything else for_the_child(routes)
    shown = concern if everything else concern[:NEAREST]
    for route in shown:
        console.print(_route(route, teller))
    if len(shown) < len(routes):
        console.print(f"[dim]{escape(further_off(routes, concern, shown))} --all shows them.[/dim]")
    console.print(f"[dim]{ADVICE}[/dim]")


def _route(route: Route, teller: Teller) -> Tree:
    tree = Tree(escape(route_title(route, teller)), guide_style="dim")
    for lack in lacks(route, teller):
        branch = tree.add(f"[bold]{lack.mark}[/bold]: {escape(lack.text)}")
        for reason in lack.reasons:
            tree_of(reason, branch)
    return tree


def team_and_case(command: str, wanted: str, path: Path, policy: str | None) -> None:
    """Errors: `InputError` where the two arguments of `command` stand the other way round. `policy`: as the user named it."""
    if not path.exists() and Path(wanted).is_file():
        fault = Fault(
            wanted, "is a file, where a team is expected", f"write: whichteam {command} {path} {wanted}{policy_option(policy)}"
        )
        raise InputError([fault])


def find_team(program: Program, wanted: str) -> str:
    """The code of a team given by code, name or alias. Errors: `InputError` with a suggestion."""
    teams = program.policy.vocabulary.codes.get("team", ())
    for code in teams:
        if wanted.lower() in (code.code, code.label.lower(), *(alias.lower() for alias in code.aliases)):
            return code.code
    hint = did_you_mean(wanted.lower(), [c.code for c in teams]) or "teams: " + ", ".join(c.code for c in teams)
    raise InputError([Fault("team", f"there is no team `{wanted}` in this policy", hint)])


def what_if(path: Path, policy: str | None, items: list[str], as_of: int | None, settings: dict[str, str]) -> None:
    """Prints the answer before and after changing some facts. `items` are FACT=VALUE. Errors: `InputError`."""
    program, case = load_case(path, policy, as_of, settings)
    changes = parse_changes(items, program.policy.vocabulary)
    document = {**read_document(path), "policy": program.policy.code}
    after = changed_case(document, changes, program.policy.vocabulary, path.name, as_of)
    change = tried(program, case, after, PyDatalog())
    facts_ = program.policy.vocabulary.facts
    for name in changes:
        was, now = (_recorded(facts_[name], facts.get(name), program.policy.vocabulary) for facts in (case.facts, after.facts))
        console.print(f"{escape(capital(facts_[name].label))}: {escape(was)} → {escape(now)}")
    for title, decision in (("Before", change.before), ("After", change.after)):
        console.print(f"\n[bold]{title}[/bold]: {escape(headline(decision))}")
        for part in parts(decision)[:2]:
            console.print(Padding(escape(" ".join(part.lines)), (0, 0, 0, 2), expand=False))
    if not change.flipped:
        console.print("\nNothing that the policy concludes has changed.")
        return
    console.print("\n[bold]What changed with it[/bold]")
    words = Words.of(change.after.model)
    for atom, _, truth in change.flipped:
        text = words.open(atom) if truth is None else words.statement(atom, truth)
        console.print(Padding(escape(full_stop(text)), (0, 0, 0, 2), expand=False))


def _recorded(fact: Fact, value: Any, vocabulary: Vocabulary) -> str:
    return recorded(value) if value is None else value_words(fact, value, None, None, vocabulary)


def tree_of(sentence: Sentence, into: Tree | None = None) -> Tree:
    """A sentence with its reasons as a `rich` tree, or as a branch of `into`."""
    label = escape(sentence.text)
    if sentence.clause:
        label += f" [cyan]\\[{escape(sentence.clause)}][/cyan]"
    if sentence.repeated:
        label += " [dim](shown above)[/dim]"
    label += "".join(f"\n[dim]{escape(line)}[/dim]" for line in sentence.details)
    branch = Tree(label, guide_style="dim") if into is None else into.add(label)
    for reason in sentence.reasons:
        tree_of(reason, branch)
    return branch


def policies() -> None:
    """Prints the installed policies; for one that can't be loaded, its first fault."""
    for code, folder in installed().items():
        try:
            policy = load_policy(folder)
        except InputError as error:
            console.print(f"[bold]{code}[/bold]  can't be loaded: {escape(str(error.faults[0]))}")
            continue
        console.print(f"[bold]{code}[/bold]  {escape(policy.name)}: {escape(policy.document)} ({escape(policy.version)})")


def clause(ids: Iterable[str], policy_name: str | None, as_tree: bool = False) -> None:
    """Prints clauses with the rules that encode them, or with their exceptions as a tree.

    Errors: `InputError` for unknown ids, before anything is printed.
    """
    names = [policy_name] if policy_name else list(installed())
    loaded = [load_policy(find_policy(name)) for name in names]
    known = [name for policy in loaded for name in policy.clauses]
    wanted = list(ids)
    faults = [Fault("clause", f"there is no clause `{name}`", did_you_mean(name, known)) for name in wanted if name not in known]
    if faults:
        raise InputError(faults)
    for name in wanted:
        policy = next(policy for policy in loaded if name in policy.clauses)
        if as_tree:
            _print_tree(clause_tree(name, policy), policy)
        else:
            _print_clause(name, policy)


def _print_tree(branch: Branch, policy: Policy) -> None:
    def grown(below: Branch, into: Tree | None = None) -> Tree:
        label = escape(one_line(below, policy))
        tree = Tree(label, guide_style="dim") if into is None else into.add(f"unless {label}")
        for exception in below.exceptions:
            grown(exception, tree)
        return tree

    console.print(grown(branch))
    print_lines(notes(branch, policy))


def _print_clause(name: str, policy: Policy) -> None:
    shown = policy.clauses[name]
    where = f"line{'s' if len(shown.lines) > 1 else ''} {spans(shown.lines)}" if shown.lines else "a rule of the house"
    console.print(f"[bold]{name}[/bold]  {escape(policy.name)}, {where}; {shown.kind}, {shown.force}")
    console.print(f"  {escape(shown.paraphrase)}")
    if shown.note:
        console.print(f"  [italic]Noted by a reader: {escape(shown.note)}[/italic]")
    if shown.out_of_scope:
        console.print(f"  Not encoded: {escape(shown.out_of_scope)}")
    for rule in policy.rules:
        if name in rule.clauses:
            console.print(f"  [dim]{escape(str(rule.position))}[/dim]  {escape(rule.written)}")


def readings(name: str) -> None:
    """Prints the readings of a policy: setting in use, alternatives, and why there is a choice."""
    policy = load_policy(find_policy(name))
    for reading in policy.readings.values():
        others = ", ".join(reading.alternatives)
        setting = policy.settings[reading.name]
        title = f"[bold]{reading.name}[/bold] = {setting}  [dim]or {escape(others)}[/dim]"
        _entry(title, f"{reading.told(setting)} {reading.why}")


def _entry(title: str, text: str) -> None:
    """Prints a title on one line and the text indented below it."""
    console.print(title, soft_wrap=True)
    console.print(Padding(escape(text), (0, 0, 0, 4), expand=False))


def coverage(name: str) -> int:
    """Prints how clauses and rules cover each other. Returns the exit code: 1 if a clause or citation is missing, else 0."""
    result: Coverage = coverage_of(load_policy(find_policy(name)))
    console.print(f"{result.policy}: {many(len(result.encoded) + len(result.out_of_scope) + len(result.missing), 'clause')}")
    console.print(f"  encoded                {len(result.encoded)}")
    console.print(f"  out of scope           {len(result.out_of_scope)}")
    for clause_, reason in result.out_of_scope:
        console.print(f"    [dim]{clause_}: {escape(reason)}[/dim]")
    console.print(f"  missing                {len(result.missing)}")
    for clause_ in result.missing:
        console.print(f"    {clause_}")
    console.print(f"  rules                  {result.rules}")
    console.print(f"  rules without a clause {len(result.rules_without_clause)}")
    return 1 if result.missing or result.rules_without_clause else 0
