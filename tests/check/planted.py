"""Faults planted in the two policies, and the check that has to find each: data for `test_planted`.

`old` stands once in the rule files; a mark is followed by the rule that is planted under it.
"""

from __future__ import annotations

from typing import NamedTuple


class Planted(NamedTuple):
    policy: str
    check: str
    clause: str
    old: str
    new: str


B, S = "blackpool", "sefton"


def under(policy: str, check: str, clause: str, mark: str, rule: str) -> Planted:
    """A rule planted under a clause's mark."""
    return Planted(policy, check, clause, mark, f"{mark}\n{rule}")


PLANTED = (
    # said twice: literals in another order, variables with other names, a literal repeated
    under(
        B, "said-twice", "bp85", "@clause bp85.", "papers_ready :- known transfer_summary_complete, known chronology_up_to_date."
    ),
    under(B, "said-twice", "bp19", "@clause bp19.", "over_threshold :- known threshold_level(N), N >= 3, N >= 3."),
    under(B, "said-twice", "bp109", "@clause bp109.", "returns_to(T) :- not closed_later(T), counts_as_previous(T, _)."),
    under(S, "said-twice", "sf77", "@clause sf77.", "age_is_usable :- not age_in_doubt, not age_in_doubt."),
    under(
        S, "said-twice", "sf43", "@clause sf43.", "undisputed_arrival :- not by_the_scheme, not age_in_doubt, arrival_decides."
    ),
    # rules that can't fire
    under(B, "dead-rule", "bp20", "@clause bp20.", "duty(complete_assessment) :- known threshold_level(L), L > 3, L < 3."),
    under(B, "dead-rule", "bp104", "@clause bp104.", "over_twelve_weeks :- known gestation_weeks(W), W > 300."),
    under(B, "dead-rule", "bp19", "@clause bp19.", "over_threshold :- known threshold_met, known not threshold_met."),
    under(
        B,
        "dead-rule",
        "bp92",
        "@clause bp92.",
        "duty(identify_placement) :- known placed_on(P), known first_hearing_held_on(H), known P < H, known H < P.",
    ),
    Planted(
        B,
        "dead-rule",
        "bp33",
        "exploitation_suspected :- known exploitation_types(other).",
        "exploitation_suspected :- known unborn, known not unborn, known exploitation_types(other).",
    ),
    under(S, "dead-rule", "sf102", "@clause sf102.", "plan_long :- known cin_plan_expected_weeks(W), W > 12, W < 13."),
    under(S, "dead-rule", "sf77", "@clause sf77.", "age_is_usable :- known age_disputed, known not age_disputed."),
    # exceptions that never take the place of the rule: the first two were ours
    Planted(B, "idle-exception", "bp97", "@clause bp97.", "@clause bp97 exception_to bp94."),
    Planted(
        B,
        "idle-exception",
        "bp103",
        "@clause bp103 exception_to bp62.",
        "@clause bp103 exception_to bp62 bp101.",
    ),
    Planted(B, "idle-exception", "bp31", "@clause bp31.", "@clause bp31 exception_to bp21."),
    # checks that can't be met
    Planted(B, "idle-gate", "bp22", "gate_met(early_help_consent) :- family_consents_to_early_help.", ""),
    Planted(
        B,
        "idle-gate",
        "bp88",
        "gate_met(looked_after_agreement_given) :-",
        "gate_met(looked_after_agreement_given) :- known unborn, known not unborn,",
    ),
    Planted(S, "idle-gate", "sf42", "All >= 2", "All >= 200, All < 2"),
    # limits
    Planted(B, "limits", "bp69", "limit_in_days(checkpoint_30, Start, 30)", "limit_in_days(checkpoint_30, Start, 50)"),
    Planted(
        B,
        "limits",
        "",
        "limit_in_days(looked_after_visit_due, Placed, 5) :- "
        "known placed_on(Placed), known placed_after_hearing, not home_again.",
        "",
    ),
    Planted(
        S,
        "limits",
        "",
        "limit(four_month_review_due, Since + 4 months) :- known section_20_from(Since), not section_20_over.",
        "",
    ),
    # children without a team
    under(B, "no-team", "bp75", "@clause bp75.", "in_place_of(assessment_and_support_team, no_team) :- known placed_on(_)."),
    under(S, "no-team", "sf78", "@clause sf78.", "in_place_of(young_peoples_team, no_team) :- known threshold_met."),
    # moves for the managers
    Planted(
        B,
        "discretion",
        "bp98",
        "escalation_to(team_managers) :- known standing(assessment_and_support_team), left_to_managers, "
        "not settled_by_agreement.",
        "",
    ),
    under(
        S,
        "discretion",
        "sf78",
        "@clause sf78.",
        "discretion(locality_team, young_peoples_team, final_hearing) :- known cared_for.",
    ),
    # rules that add nothing
    under(B, "covered-rule", "bp19", "@clause bp19.", "over_threshold :- known threshold_level(4)."),
    under(
        B,
        "covered-rule",
        "bp103",
        "@clause bp103 exception_to bp62.",
        "history :- significant_history_of_concern, known sibling_in_care_proceedings.",
    ),
    # two clauses, two teams: the second was ours
    under(
        B,
        "two-teams",
        "bp31",
        "@clause bp31.",
        "route(request_for_support_hub, supporting_our_children, threshold_confirmed) :-\n"
        "    known exploitation_is_primary_issue, over_threshold, not adult_at_contact.",
    ),
    Planted(
        B,
        "two-teams",
        "bp103",
        "complex_needs_yield(unborn_and_complex_needs) :-\n"
        "    leaves_before_birth, reading(unborn_and_complex_needs, strengthening_and_supporting_families).\n",
        "",
    ),
    # edges that two clauses claim, notices, and orders between clauses
    Planted(
        S,
        "same-value",
        "sf102",
        "plan_long :- known cin_plan_expected_weeks(Weeks), Weeks > 12,",
        "plan_long :- known cin_plan_expected_weeks(Weeks), Weeks >= 12,",
    ),
    under(B, "same-value", "bp20", "@clause bp20.", "duty(complete_assessment) :- known threshold_level(L), known L <= 3."),
    under(S, "notices", "sf62", "@clause sf62.", "finding(window_from_closure) :- known discharge_refused_on(_)."),
    under(B, "precedence", "bp47", "@clause bp47 exception_to bp62 bp101.", "clash(pregnancy_gap, awaken) :- known unborn."),
    # duties for a child whom nobody has
    under(B, "unanswered", "bp53", "@clause bp53.", "duty(notify_receiving_manager) :- adult_at_contact."),
    under(S, "unanswered", "sf78", "@clause sf78.", "duty(pursue_discharge) :- known adopted_on(_)."),
    # points of one team
    under(
        B,
        "points-disagree",
        "bp31",
        "@clause bp31.",
        "route(targeted_intervention_services, supporting_our_children, first_court_hearing) :- known unborn.",
    ),
    # ends that are missing, groups left out, checks that fail, duties without a time, two limits for one event
    under(
        S,
        "ends",
        "sf78",
        "@clause sf78.",
        "route(locality_team, young_peoples_team, assessment_completed) :- known child_disabled.",
    ),
    Planted(S, "ages", "sf76", "by_age_only(eighteenth_birthday).", ""),
    under(
        B,
        "groups",
        "bp31",
        "@clause bp31.",
        "route(request_for_support_hub, supporting_our_children, threshold_confirmed) :-\n"
        "    known care_proceedings_ongoing, over_threshold, not adult_at_contact.",
    ),
    Planted(B, "unmet-gate", "", "duty(transfer_letters) :- internal_move_told(_), not known transfer_letters_sent.", ""),
    Planted(B, "undated-duty", "bp20", "met_by(assessment_due, assessment_completed_on).", ""),
    Planted(B, "limits", "", "met_by(checkpoint_45, checkpoint_45_held_on).", "met_by(checkpoint_45, checkpoint_30_held_on)."),
)
