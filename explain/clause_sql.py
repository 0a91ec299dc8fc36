"""`whichteam explain-sql`: the SQL for the rules of one clause, with the meaning of each column in comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from explain.words import spans
from kb.conditions import PLANNED
from kb.engines.bulk.plan import FALSE, TRUE
from kb.engines.bulk.sql import CASES, CONCLUSIONS, Script, Statement, script_of_rules
from kb.errors import Fault, InputError, did_you_mean, plain, shown
from kb.language.model import Rule
from kb.offered import policy_option
from kb.policy import Clause, find_policy, installed, load_policy
from kb.program import Program
from queries.load import load_program

CODING = {
    "bool": "1 yes, 0 no",
    "event": "day number; 1 happened on an unknown day, 0 has not happened",
    "date": "day number",
    "datetime": "minutes since day 0",
    "int": "number",
}
HEAD = (
    "Each row of a table but `cases` is for 64 cases, one bit a case; `w` is the number of the row.",
    "Day numbers count from 1 January of the year 1. -1: not recorded.",
)
CASES_HEAD = f"Table `{CASES}`: a row a case, with `w`, `bit` (the bit of the case), `as_of` (day of the answer) and:"
CONCLUSIONS_HEAD = f"Table `{CONCLUSIONS}`: what other rules conclude, a column for each:"


def explain_sql(name: str, policy_name: str | None) -> None:
    """Prints the SQL of a clause. Errors: `InputError` if there is no such clause, or no rule for it."""
    program = _program_with(name, policy_name)
    print("\n".join(lines(program, program.policy.clauses[name], policy_name)))


def _program_with(name: str, policy_name: str | None) -> Program:
    """The program of `policy_name`, or of the first installed policy that has the clause."""
    known: list[str] = []
    for code in [policy_name] if policy_name else installed():
        clauses = load_policy(find_policy(code)).clauses
        if name in clauses:
            return load_program(code)
        known += clauses
    raise InputError([Fault("clause", f"there is no clause `{shown(name)}`", did_you_mean(name, known))])


def lines(program: Program, clause: Clause, policy_name: str | None = None) -> Iterator[str]:
    """The SQL of a clause as lines, with comments. `policy_name`: the policy as the user named it.

    Errors: `InputError` if no rule follows from the clause.
    """
    rules = [index for index, rule in enumerate(program.halves.rules) if clause.id in _source(program, rule.ground).clauses]
    if not rules:
        message = f"no rule follows from `{clause.id}`, so there is no SQL for it"
        raise InputError([Fault("clause", message, f"for the reason: whichteam clause {clause.id}{policy_option(policy_name)}")])
    script = script_of_rules(program, rules)
    meaning = _meaning(program, script)
    where = f" (line{'s' if len(clause.lines) > 1 else ''} {spans(clause.lines)})" if clause.lines else ""
    yield from _comments("", f"Clause {clause.id}{where} of {program.policy.name}: {clause.paraphrase}", *HEAD)
    yield ""
    yield from _comments("", "The rules of the clause, and the column with the cases in which each one fires:")
    yield from _rules(program, script, rules)
    yield from _legend(
        CASES_HEAD, [f"{column}  {_content(column, what, program)}" for column, what in script.columns.wanted.items()]
    )
    given = [column for table, column in script.places.values() if table == CONCLUSIONS and column in meaning]
    yield from _legend(CONCLUSIONS_HEAD, [f"{column}  {meaning[column]}" for column in given])
    for statement in script.statements:
        yield ""
        yield from _statement(statement, meaning)


def _legend(head: str, columns: Sequence[str]) -> Iterator[str]:
    if columns:
        yield ""
        yield from _comments("", head)
        yield from _comments("  ", *columns)


def _source(program: Program, ground: int) -> Rule:
    """The rule that ground rule number `ground` is an instance of."""
    return program.rules[program.ground[ground].source]


def _meaning(program: Program, script: Script) -> dict[str, str]:
    """Column of a condition or conclusion to its meaning. A conclusion that is never unknown has only one column."""
    halves, found = program.halves, {}
    for half, value in {half: value for value, half in enumerate(script.inputs, 2)}.items():
        number = half // 2
        manner = "" if number in halves.definite else "certain: " if half == halves.certain(number) else "possible: "
        found[f"v{value}"] = f"{manner}{halves.atoms[number]}"
    return found


def _rules(program: Program, script: Script, rules: Sequence[int]) -> Iterator[str]:
    """For each ground rule: its place if it is a new one, its text, and the columns of its two halves."""
    fires = {rule: _place(script, script.values[at]) for rule, at in zip(rules, script.at.tolist())}
    of_ground: dict[int, list[int]] = {}
    for rule in sorted(rules, key=lambda rule: not program.halves.rules[rule].certain):
        of_ground.setdefault(program.halves.rules[rule].ground, []).append(rule)
    place = ""
    for ground, halves in sorted(of_ground.items(), key=lambda item: _in_file(_source(program, item[0]))):
        position = str(_source(program, ground).position)
        if position != place:
            place = position
            yield from _comments("  ", position)
        one = program.ground[ground]
        body = f" :- {', '.join(map(str, one.body))}" if one.body else ""
        both = [f"{'certain' if program.halves.rules[rule].certain else 'possible'} {fires[rule]}" for rule in halves]
        yield from _comments("    ", f"{one.head}{body}.", "  " + (", ".join(both) if len(both) > 1 else fires[halves[0]]))


def _in_file(rule: Rule) -> tuple[str, int, int]:
    return rule.position.file, rule.position.line, rule.position.column


def _place(script: Script, value: int) -> str:
    """The column of a value, or that it is the same in every case."""
    if value in (TRUE, FALSE):
        return "in every case" if value == TRUE else "in no case"
    return ".".join(script.places[value])


def _content(column: str, what: object, program: Program) -> str:
    """The content of a column of `cases`, which `kb.engines.bulk.case_columns` names by its kind."""
    if column.startswith("t"):
        return f"{what}"
    assert isinstance(what, tuple)
    name, key = what
    vocabulary = program.policy.vocabulary
    calculated = vocabulary.calculated.get(name)
    if column.startswith("m"):
        return f"{name}: 1 has an entry, 0 has none" if key is None else f"{name}: 1 names {key}, 0 does not"
    if key == PLANNED:
        return f"{name}, its last day: {CODING['event']}"
    shown = name if key is None else f"{name}[{key}]"
    return f"{shown}: {CODING.get(calculated.type if calculated else vocabulary.facts[name].type, 'number of its code')}"


def _statement(statement: Statement, meaning: Mapping[str, str]) -> Iterator[str]:
    """A statement with one column a line, and its meaning if it is a condition."""
    first, *others = statement.sources
    yield f"CREATE TABLE {statement.table} AS"
    yield f"SELECT {first}.w AS w,"
    for number, (name, expression) in enumerate(statement.columns, 1):
        comma = "," if number < len(statement.columns) else ""
        told = f"  -- {meaning[name]}" if name in meaning else ""
        yield f"  {expression} AS {name}{comma}{told}"
    joins = "".join(f" JOIN {table} ON {table}.w = {first}.w" for table in others)
    yield f"FROM {first}{joins}" + (f" GROUP BY {first}.w;" if statement.grouped else ";")


def _comments(indent: str, *texts: str) -> Iterator[str]:
    return (f"-- {indent}{plain(text)}" for text in texts)
