"""Turn a case into a theatre by the fixed rules of ``docs/cases.md``; nothing here reads what came of it."""

from __future__ import annotations

import json
from typing import Any

import yaml

from sim.validation import case_edges, case_missions, case_senders, case_sides
from sim.validation.case_format import Case
from sim.validation.case_parties import COUNCIL, Parties, parties_of

_WEEKS = 52
_WIDTH = 118


def theatre(case: Case) -> dict[str, Any]:
    """Return a case as a theatre: plain data as a YAML file holds them, with a reason at every number.

    The outcome is no part of :class:`~sim.validation.case_format.Case`, so no rule can read it.
    """
    parties = parties_of(case)
    return {
        "question": f"How likely is it that a foreign force forms for {case.host} within a year?",
        "extends": "theatre",
        "start": case.reference_date,
        "horizon_weeks": _WEEKS,
        "begins_in_truce": case.ceasefire_at_reference,
        "assumption": f"By the rules of docs/cases.md from the case {case.id}; what no rule names, the base has.",
        "actors": _actors(case, parties),
        "missions": case_missions.missions(case, parties),
        "network": case_edges.network(case, parties),
        "rules": {"battlefield": {"mean": case_sides.battlefield(case)}},
    }


def as_yaml(case: Case) -> str:
    """Return a case as the text of a theatre, which ``sim run`` reads.

    The words of a case stand in comments and reasons alone; a name may hold whatever YAML can quote.
    """
    title = " ".join(case.title.split())
    head = f"# {title}: written by `sim cases` from the case {case.id}, by the rules of docs/cases.md.\n"
    plain = json.loads(json.dumps(theatre(case)))  # a copy of its own for each value, or YAML would write aliases
    body = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, default_flow_style=None, width=_WIDTH)
    return f"{head}{body}"


def _actors(case: Case, parties: Parties) -> dict[str, Any]:
    actors = {
        **case_sides.host(case, parties),
        **case_sides.opponents(case, parties),
        **case_senders.senders(case, parties),
    }
    if parties.broker is not None:
        actors[parties.broker] = case_senders.broker(case, parties, actors.get(parties.broker, {}))
    for key, name in parties.patrons.items():
        actors[key] = {"name": name, "roles": ["patron"], **actors.get(key, {})}
    if case_edges.has_council(case):
        actors[COUNCIL] = {"name": "the Security Council", "roles": ["patron"]}
    return actors
