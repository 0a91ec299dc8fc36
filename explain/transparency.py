"""A draft record under the UK Algorithmic Transparency Recording Standard for one policy.

The sections follow version 3 of the standard: a public overview (tier 1) and five detailed sections
(tier 2). Fields that only the council can fill in are marked.
"""

from __future__ import annotations

from dataclasses import dataclass

from explain.document.blocks import Block, Document, Heading, Paragraph, Run, cite, strong
from kb.policy import Policy
from queries.coverage import coverage_of

FOR_THE_COUNCIL = "[For the council to fill in]"


@dataclass(frozen=True)
class Section:
    """A section of the record: pairs of field and text."""

    title: str
    fields: tuple[tuple[str, str], ...]


def transparency_record(policy: Policy) -> tuple[Section, ...]:
    """The draft for a policy, with its figures filled in."""
    coverage = coverage_of(policy)
    clauses = len(coverage.encoded) + len(coverage.out_of_scope) + len(coverage.missing)
    about = f"{policy.document} ({policy.version})"
    return (
        Section(
            "Tier 1: overview",
            (
                ("Name", "whichteam"),
                (
                    "Description",
                    f"Says which social work team holds a child's case under {policy.name}'s own written policy, "
                    f"{about}, at which point the case moves, and why. It applies the policy's clauses as rules to facts "
                    "that staff recorded, and shows the clause behind every step. Managers use it to find and check the "
                    "answer more quickly. It advises; a person decides.",
                ),
                ("Where to find out more", FOR_THE_COUNCIL),
                ("Contact", FOR_THE_COUNCIL),
            ),
        ),
        Section(
            "Tier 2: owner and responsibility",
            (
                ("Organisation", policy.name),
                ("Team", FOR_THE_COUNCIL),
                ("Senior responsible owner", FOR_THE_COUNCIL),
                ("Suppliers and their access to data", "None. It runs on the council's own computer and sends nothing out."),
            ),
        ),
        Section(
            "Tier 2: description and rationale",
            (
                (
                    "How it works",
                    f"{coverage.rules} rules encode {len(coverage.encoded)} of the policy's {clauses} clauses; "
                    f"{len(coverage.out_of_scope)} are left out, each with its reason. The rules are plain logic: no statistics, "
                    "no learning, no scores. The same facts always give the same answer. A fact that nobody recorded counts "
                    "neither as yes nor as no; the answer then says what to ask.",
                ),
                (
                    "Scope",
                    "Which team holds a case. It judges no threshold, no need and no risk, and it ranks no child or family.",
                ),
                (
                    "Benefit",
                    "The same reading of the policy in every case, with reasons; gaps and clashes of the policy are told.",
                ),
                ("Before it was used", FOR_THE_COUNCIL),
                ("Alternatives considered", FOR_THE_COUNCIL),
            ),
        ),
        Section(
            "Tier 2: deployment context",
            (
                ("Place in the decision", "A manager puts the question, reads answer and proof, and decides."),
                (
                    "What people are shown",
                    "The team, the move, deadlines, what holds it up, every step with its clause, what is missing.",
                ),
                (
                    "Human decision and review",
                    "No move is made by the tool. Each record names who confirmed the answer, or who set it aside and why. "
                    "Where the policy leaves a point to managers or names no team, or clauses clash, it says so and names none.",
                ),
                ("Frequency and scale of use", FOR_THE_COUNCIL),
                ("Training", FOR_THE_COUNCIL),
                ("Appeals and complaints", f"{FOR_THE_COUNCIL} A family can be shown the proof in plain English."),
            ),
        ),
        Section(
            "Tier 2: tool and data",
            (
                ("Kind of tool", "Rules (Datalog), run by the open-source engine pyDatalog and checked against two others."),
                (
                    "Version",
                    f"Policy files {policy.digest[:16]}; choices made where the text is open are listed in each record.",
                ),
                (
                    "Data used",
                    "The facts of one case that staff enter or hand in. They are kept in the council's own register only, if "
                    "it is used. Nothing is collected or sent elsewhere by the tool.",
                ),
                ("Data for development", "Invented children only. No real case was used."),
                (
                    "Sensitive data",
                    "Case facts may be about health, family life and court orders; the council's own rules for them apply.",
                ),
            ),
        ),
        Section(
            "Tier 2: risks and impact assessments",
            (
                ("Wrong or missing facts", "The answer shows what it rests on and what nobody recorded."),
                (
                    "Leaning on the tool too much",
                    "Every page and record says that a person decides; overrides are recorded with a reason.",
                ),
                (
                    "Rules that misread the policy",
                    "Clauses stand beside rules; each choice has a name; each rule cites its lines.",
                ),
                (
                    "A policy that has changed",
                    "Lines of the council's document are compared with those that the rules were read from.",
                ),
                ("Impact assessments", f"{FOR_THE_COUNCIL} Data protection and equality impact assessments are for the council."),
            ),
        ),
    )


def draft(policy: Policy) -> Document:
    """The draft as a document, for editing."""
    title = f"Algorithmic transparency record (draft): whichteam for {policy.name}"
    blocks: list[Block] = [Heading(1, title)]
    for section in transparency_record(policy):
        blocks.append(Heading(2, section.title))
        blocks += (Paragraph((strong(f"{name}."), " ", *_marked(text))) for name, text in section.fields)
    return Document(title, tuple(blocks))


def _marked(text: str) -> tuple[str | Run, ...]:
    """A text whose marker of what the council has to say stays in brackets."""
    before, marker, after = text.partition(FOR_THE_COUNCIL)
    return (before, cite(marker[1:-1]), after) if marker else (text,)
