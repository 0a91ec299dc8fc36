"""Builds the team graph from the ground rules of a policy.

Ground rules are finite and name every team, so the moves are the `route` and `discretion` conclusions that some
rule can reach. Each move carries all rules that reach it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from kb.language.model import Atom, Constant, Rule
from kb.lowering.exceptions import SET_ASIDE
from kb.program import Program
from queries.graph.model import IN_PART, NO, NOT_CHECKED, YES, Citation, Key, Move, Named, Statement, Team, TeamGraph

#: Predicates of the shared rules about a team: predicate, then the argument positions of the team,
#: of the other code that it names, and of its own code.
STATEMENTS: tuple[tuple[str, int, int | None, int | None], ...] = (
    ("front_door", 0, None, None),
    ("never_holds", 0, None, None),
    ("outside", 0, None, None),
    ("passes_on", 0, None, None),
    ("agreement_counts", 0, None, None),
    ("in_place_of", 0, 1, None),
    ("co_working", 1, 2, 0),
    ("attendance", 1, 2, 0),
)
_NODE_KINDS = ("team", "outcome", "body")


def team_graph(
    program: Program,
    takable: Mapping[Key, bool] | None = None,
    witness: Mapping[Key, str] | None = None,
    checked_on: str = "",
) -> TeamGraph:
    """The team graph of a program.

    takable     whether some case can take a move; moves that are left out are `not checked`
    witness     such a case as JSON
    checked_on  the day of the cases as an ISO date

    All three come from `queries.graph.proved`.
    """
    policy = program.policy
    teams = _teams(program)
    return TeamGraph(
        policy=policy.code,
        name=policy.name,
        document=policy.document,
        version=policy.version,
        readings=tuple((name, str(policy.settings[name])) for name in sorted(policy.readings)),
        teams=teams,
        moves=_moves(program, [team.code for team in teams], takable or {}, witness or {}),
        checked_on=checked_on,
    )


# moves


def _moves(program: Program, teams: list[str], takable: Mapping[Key, bool], witness: Mapping[Key, str]) -> tuple[Move, ...]:
    """All moves, ordered by origin, destination and transfer point."""
    order = {**_order(program), **{code: n for n, code in enumerate(teams)}}
    keys = {_key(atom) for name in ("route", "discretion") for atom, _, _ in program.by_predicate.get(name, ())}
    real = [key for key in keys if key[0] != key[1]]
    return tuple(_move(program, key, takable, witness) for key in sorted(real, key=lambda k: [order[code] for code in k]))


def _move(program: Program, key: Key, takable: Mapping[Key, bool], witness: Mapping[Key, str]) -> Move:
    policy, vocabulary = program.policy, program.policy.vocabulary
    origin, to, point = key
    args = tuple(Constant(code) for code in key)
    set_out, left_open = (_reaching(program, Atom(name, args)) for name in ("route", "discretion"))
    indices = (*set_out, *left_open)
    rules = [program.rules[program.ground[index].source] for index in indices]
    clauses = _in_register(program, (name for rule in rules for name in rule.clauses))
    return Move(
        origin=origin,
        to=to,
        point=point,
        point_name=vocabulary.label("point", point),
        discretionary=IN_PART if set_out and left_open else YES if left_open else NO,
        by_age=Atom("by_age_only", args[2:]) in program.by_head,
        clauses=tuple(Citation(c, policy.clauses[c].lines, policy.clauses[c].force) for c in clauses),
        rules=_places(rules),
        exceptions=_in_register(program, _setting_aside(program, clauses)),
        readings=_readings(program, indices),
        gates=_named(program, "gate", (atom.args[2] for atom in _matching(program, "gate", (args[0], args[2])))),
        conditions=_named(program, "gate", (atom.args[3] for atom in _matching(program, "condition_gate", args))),
        attendance=_named(program, "attendance", _attending(program, key)),
        takable=NOT_CHECKED if key not in takable else YES if takable[key] else NO,
        witness=witness.get(key, ""),
    )


def _setting_aside(program: Program, clauses: Collection[str]) -> Iterator[str]:
    """The exceptions that set moves of some clauses aside."""
    for rule in program.rules:
        general, about = map(str, rule.head.args[:2]) if rule.head.predicate == SET_ASIDE else ("", "")
        if general in clauses and about in ("route", "discretion"):
            yield from rule.clauses


def _reaching(program: Program, atom: Atom) -> tuple[int, ...]:
    return program.by_head.get(atom, ())


def _matching(program: Program, predicate: str, start: tuple[Constant, ...]) -> Iterator[Atom]:
    """Conclusions of a predicate with these first arguments."""
    return (atom for atom, _, _ in program.by_predicate.get(predicate, ()) if atom.args[: len(start)] == start)


def _attending(program: Program, key: Key) -> Iterator[object]:
    """Attendance at the transfer point of a move, by a team of the move or by someone who is not a team."""
    for atom, _, _ in program.by_predicate.get("attendance", ()):
        who, occasion = _code(atom, 1), _code(atom, 2)
        if occasion == key[2] and (who in key[:2] or not program.policy.vocabulary.has("team", who)):
            yield atom.args[0]


def _readings(program: Program, indices: Iterable[int]) -> tuple[str, ...]:
    literals = (literal for index in indices for literal in program.ground[index].given)
    return tuple(sorted({_code(literal.atom, 0) for literal in literals if literal.atom.predicate == "reading"}))


def _places(rules: Iterable[Rule]) -> tuple[str, ...]:
    return tuple(f"{p.file}:{p.line}" for p in sorted({rule.position for rule in rules}))


def _named(program: Program, kind: str, terms: Iterable[object]) -> tuple[Named, ...]:
    """Codes of one kind with their names, in vocabulary order."""
    wanted = {str(term) for term in terms}
    return tuple(Named(c.code, c.label) for c in program.policy.vocabulary.codes.get(kind, ()) if c.code in wanted)


# teams


def _teams(program: Program) -> tuple[Team, ...]:
    vocabulary = program.policy.vocabulary
    statements = _statements(program)
    moves = (key for name in ("route", "discretion") for key in map(_key, _conclusions(program, name)))
    named = {code for key in moves for code in key[:2]}
    named |= {code for team, said in statements.items() for code in (team, *(s.other for s in said))}
    found = [
        Team(
            code=code.code,
            name=code.label,
            kind=kind,
            names=(code.label, *code.aliases),
            clauses=_naming(program, code.code),
            statements=statements.get(code.code, ()),
        )
        for kind in _NODE_KINDS
        for code in vocabulary.codes.get(kind, ())
        if kind == "team" or code.code in named
    ]
    return tuple(sorted(found, key=lambda team: not team.is_front_door))


def _statements(program: Program) -> dict[str, tuple[Statement, ...]]:
    """What the rules say of each team, in the order of `STATEMENTS` and of the vocabulary."""
    order = {"": -1, **_order(program)}
    found: dict[str, list[Statement]] = {}
    for what, about, other_at, label_at in STATEMENTS:
        rows: dict[tuple[str, str, str], list[str]] = {}
        for atom in _conclusions(program, what):
            label = "" if label_at is None else program.policy.vocabulary.label(what, _code(atom, label_at))
            row = (_code(atom, about), "" if other_at is None else _code(atom, other_at), label)
            sources = (program.rules[program.ground[i].source] for i in program.by_head[atom])
            rows.setdefault(row, []).extend(name for rule in sources for name in rule.clauses)
        for team, other, label in sorted(rows, key=lambda row: (order[row[0]], order[row[1]], row[2])):
            if team != other:
                said = Statement(what, other, label, _in_register(program, rows[team, other, label]))
                found.setdefault(team, []).append(said)
    return {team: tuple(said) for team, said in found.items()}


def _conclusions(program: Program, predicate: str) -> Iterator[Atom]:
    return (atom for atom, _, _ in program.by_predicate.get(predicate, ()))


def _naming(program: Program, code: str) -> tuple[str, ...]:
    """Clauses whose rules name a code, in register order."""
    found = {
        name
        for rule in program.policy.rules
        for name in rule.clauses
        for atom in (rule.head, *(literal.atom for literal in rule.body))
        if any(isinstance(arg, Constant) and arg.value == code for arg in atom.args)
    }
    return tuple(clause for clause in program.policy.clauses if clause in found and not program.policy.clauses[clause].house)


# orders and codes


def _order(program: Program) -> dict[str, int]:
    """The position of every code in the vocabulary."""
    codes = (code.code for kind in program.policy.vocabulary.codes.values() for code in kind)
    return {code: n for n, code in enumerate(dict.fromkeys(codes))}


def _key(atom: Atom) -> Key:
    return (_code(atom, 0), _code(atom, 1), _code(atom, 2))


def _code(atom: Atom, position: int) -> str:
    term = atom.args[position]
    assert isinstance(term, Constant)
    return str(term.value)


def _in_register(program: Program, clauses: Iterable[str]) -> tuple[str, ...]:
    """Clauses in register order, each once."""
    wanted = set(clauses)
    return tuple(clause for clause in program.policy.clauses if clause in wanted)
