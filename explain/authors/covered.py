"""Rule coverage by examples and cases, as tables for the terminal and as JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from explain.screen import screen
from explain.words import spans
from kb.errors import many
from kb.program import Program
from queries.rule_coverage import ConditionUse, RuleUse

SHOWN_CASES = 3  # cases named as evidence in JSON


def print_summary(program: Program, uses: Sequence[RuleUse], cases: int, other: int) -> None:
    live = [use for use in uses if use.can_fire]
    shown, of = conditions(live)
    waiting = len(uses) - len(live)
    screen().print(
        f"Over {many(cases, 'case')}: {sum(bool(use.fired) for use in live)} of {len(live)} rules fire; "
        f"{shown} of {of} conditions are shown to matter."
    )
    if waiting:
        screen().print(f"{many(waiting, 'rule')} can't fire under the readings in use.")
    if other:
        screen().print(f"{many(other, 'case')} of another policy left out.")


def conditions(uses: Sequence[RuleUse]) -> tuple[int, int]:
    """How many conditions are shown to matter, and how many there are."""
    all_conditions = [condition for use in uses for condition in use.conditions]
    return sum(bool(condition.shown_false) for condition in all_conditions), len(all_conditions)


def print_table(program: Program, uses: Sequence[RuleUse]) -> None:
    """Prints the coverage of each clause, worst first."""
    groups: dict[tuple[str, str], list[RuleUse]] = {}
    for use in uses:
        rule = program.rules[use.index]
        if use.can_fire:
            groups.setdefault((rule.position.file, rule.clause), []).append(use)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("file", overflow="fold")
    table.add_column("clause")
    table.add_column("lines")
    table.add_column("rules fire", justify="right")
    table.add_column("conditions shown", justify="right")
    for (file, clause), rules in sorted(groups.items(), key=lambda item: (_worth(item[1]), item[0][0], _line(program, item[1]))):
        lines = program.policy.clauses[clause].lines if clause in program.policy.clauses else ()
        shown, of = conditions(rules)
        fired = f"{sum(bool(use.fired) for use in rules)} of {len(rules)}"
        table.add_row(file, clause, spans(lines), fired, f"{shown} of {of}" if of else "none to show")
    screen().print()
    screen().print(table)


def _worth(rules: Sequence[RuleUse]) -> float:
    """The share of rules and conditions that are covered, from 0 to 1."""
    shown, of = conditions(rules)
    return (sum(bool(use.fired) for use in rules) + shown) / (len(rules) + of)


def _line(program: Program, rules: Sequence[RuleUse]) -> int:
    return min(program.rules[use.index].position.line for use in rules)


def print_misses(program: Program, uses: Sequence[RuleUse]) -> None:
    """Prints each rule that never fires and each condition never shown to matter, with the reason."""
    for use in sorted((u for u in uses if u.missed), key=lambda use: (-use.missed, program.rules[use.index].position)):
        rule = program.policy.rules[use.index]
        reasons = [] if use.fired else [never_fires(program, use)]
        reasons += [f"{_said(c)} {never_shown(c)}" for c in use.conditions if use.fired and not c.shown_false]
        if reasons:
            screen().print(f"\n[bold]{rule.position}[/bold]  {escape(f'[{rule.clause}]')} {escape(rule.title)}", soft_wrap=True)
        for line in reasons:
            screen().print(Padding(escape(line), (0, 0, 0, 4), expand=False))


def _said(condition: ConditionUse) -> str:
    if re.match(r"not set_aside\(", str(condition.literal)):
        return "“no exception holds”"
    return f"`{condition.literal}`"


def never_fires(program: Program, use: RuleUse) -> str:
    """Why a rule fires in none of the cases."""
    if not use.can_fire:
        chosen = program.policy.settings
        readings = [lit.atom.args for lit in program.rules[use.index].body if lit.atom.predicate == "reading"]
        others = [f"{name} = {setting}" for name, setting in readings if str(chosen.get(str(name))) != str(setting)]
        return f"never fires: it needs the reading {' and '.join(others)}" if others else "can't fire under the readings in use"
    never = [_said(condition) for condition in use.conditions if not condition.ever_true]
    if never:
        return f"never fires: in no case {' or '.join(never)}"
    if use.nearest is None:
        return "never fires"
    return f"never fires: in the nearest, “{use.nearest.case}”, not " + " nor ".join(f"`{lit}`" for lit in use.nearest.in_the_way)


def never_shown(condition: ConditionUse) -> str:
    """Why a condition is shown to matter in none of the cases."""
    if not condition.ever_false:
        return "never fails" + (", though once it is not recorded" if condition.shown_open else "")
    if condition.nearest is None:
        return "never fails alone"
    others = " and ".join(f"`{literal}`" for literal in condition.nearest.in_the_way)
    return f"fails only where others do: in “{condition.nearest.case}” also {others}"


def rule_json(program: Program, use: RuleUse) -> dict[str, Any]:
    rule = program.rules[use.index]
    return {
        "at": str(rule.position),
        "clause": rule.clause,
        "rule": program.written(use.index),
        "can_fire": use.can_fire,
        "fired": len(use.fired),
        "fired_by": list(use.fired[:SHOWN_CASES]),
        "missed": "" if use.fired else never_fires(program, use),
        "conditions": [
            {
                "condition": str(condition.literal),
                "shown_false": len(condition.shown_false),
                "shown_false_by": list(condition.shown_false[:SHOWN_CASES]),
                "shown_not_recorded": len(condition.shown_open),
                "ever_true": condition.ever_true,
                "ever_false": condition.ever_false,
                "missed": "" if condition.shown_false else never_shown(condition),
            }
            for condition in use.conditions
        ],
    }
