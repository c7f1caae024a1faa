"""What a contributor weighed in one week: its readiness term by term, and the stage that was due."""

from __future__ import annotations

from sim import vocabulary
from sim.model.contributor import Contributor
from sim.rules import holding, pledging
from sim.story.decision import Decision, Term, Value
from sim.story.inputs_read import InputsRead


def readiness(contributor: Contributor, stage_before: int) -> Decision:
    """Return the decision of phase 7 as a contributor took it just now."""
    read = InputsRead(contributor.model)
    terms = (*_lasting(contributor, read), *_passing(contributor, read), *_demands(contributor, read))
    terms = (*terms, *_circumstances(contributor, read))
    return Decision(
        decision="readiness",
        says="how ready it is to pledge troops, on the latent scale of stages",
        phase="pledge",
        total=contributor.readiness,
        terms=terms,
        outcome=_outcome(contributor, stage_before),
        numbers=_thresholds(contributor, read),
    )


def _lasting(me: Contributor, read: InputsRead) -> tuple[Term, ...]:
    model, own, at = me.model, me.model.world.actor, me.at
    incoming = me.handover is not None and model.week >= me.handover
    stance = me.second if incoming else me.first
    column = own.stance_incoming[at] if incoming else own.stance[at]
    mood = model.european_mood if me.european else 0.0
    shift = model.shift("european_mood") if me.european else 0.0
    handover = {"government": "incoming" if incoming else "outgoing"} if me.handover is not None else {}
    return (
        Term("stance", "its stance once its demands are met, as we read it", float(model.stance_values[stance]),
             {"stance": vocabulary.STANCES[stance], **handover},
             read.at(column, own.handover[at], model.world.scale.stance[stance])),
        Term("duty", "duty: history as a pull", me.duty, {}, read.at(own.duty[at])),
        Term("disposition", "a leaning of its own, beyond that stance", me.disposition, {},
             read.at(own.disposition[at])),
        Term("european_mood", "the mood that Europeans share", mood, {"european": me.european},
             read.at(model.world.european_mood) if me.european else ()),
        Term("dated_events", "dated events that shift the European mood", shift, {},
             read.events("european_mood") if me.european else ()),
        Term("measured_from", "circumstances at week 0, where stances are read as spoken", -me.centre, {}, ()),
    )  # fmt: skip


def _passing(me: Contributor, read: InputsRead) -> tuple[Term, ...]:
    return (
        Term("threats", "threats and other incentives that reach it", me.payoff, {},
             (*read.edges(me.at), *read.rules("lobby.adjustment", "lobby.budget"))),
        Term("mood", "the passing mood at home", me.mood, {},
             read.rules("moods.persistence", "moods.weekly_sd") if me.model.world.stream.mood[me.at] >= 0 else ()),
    )  # fmt: skip


_DEMANDS = {
    "backstop": "the backstop it demands",
    "consent": "the opponent's consent it demands",
    "company": "the company it demands",
    "definition": "a mission and mandate that are settled",
    "settlement": "a decent settlement",
}


def _demands(me: Contributor, read: InputsRead) -> tuple[Term, ...]:
    """Return the demands: the one that is least met holds it back, the others add nothing beside it."""
    unmet = me.unmet._asdict()
    binds = max(unmet, key=lambda name: unmet[name])
    sees, numbers = _seen(me), _of_demands(me, read)
    return tuple(
        Term(
            name,
            f"{says}, as far as it is unmet",
            me.circumstances.unmet if name == binds else 0.0,
            {**sees[name], "unmet": unmet[name], "binds": name == binds and unmet[name] > 0.0},
            numbers[name],
        )
        for name, says in _DEMANDS.items()
    )


def _seen(me: Contributor) -> dict[str, dict[str, Value]]:
    wants, seen, model = me.wants, me.seen, me.model
    rung = vocabulary.RUNGS[model.rung]
    return {
        "backstop": {"promise": seen.promise, "demanded": wants.demanded, "rung_on_offer": rung,
                     "credence": me.credence, "cover": me.cover,
                     "own_guarantee": wants.autonomy * min(1.0, seen.sufficiency)},
        "consent": {"consent": seen.consent, "wanted": wants.wanted_consent,
                    "answer": vocabulary.CONSENTS[model.consent]},
        "company": {"company": seen.company, "wanted": wants.wanted_company, "sufficiency": seen.sufficiency},
        "definition": {"defined": seen.defined, "weeks_standing": model.weeks_standing, "truce": model.truce},
        "settlement": {"conceded": seen.conceded, "decent": wants.decent},
    }  # fmt: skip


def _of_demands(me: Contributor, read: InputsRead) -> dict[str, tuple[str, ...]]:
    world, own, at = me.model.world, me.model.world.actor, me.at
    scale, tilt = world.scale, world.firmness_tilt
    rung, word = int(me.model.row[own.backstop_rung[at]]), int(me.model.row[own.consent_word[at]])
    credence = (own.credence[at], world.credence_tilt)
    backstop = (own.backstop_rung[at], own.backstop_firmness[at], tilt, *credence, own.autonomy[at])
    values = (scale.guarantee[rung], scale.guarantee[me.model.rung])
    consents = (scale.consent[word], scale.consent[me.model.consent])
    example = (*read.edges(at, ("troop_example",)), *(read.rules("pledge.example") if me.examples else ()))
    firm = {
        "backstop": own.backstop_firmness[at],
        "consent": own.consent_firmness[at],
        "company": own.company_firmness[at],
        "definition": own.definition[at],
        "settlement": own.decent_firmness[at],
    }
    paths = {
        "backstop": (*read.at(*backstop, *values), *read.edges(at, ("security_guarantee",)),
                     *read.rules("pledge.backstop", "learning.credence_weight")),
        "consent": (*read.at(own.consent_word[at], own.consent_firmness[at], tilt, *consents),
                    *read.rules("pledge.consent")),
        "company": (*read.at(own.company[at], own.company_firmness[at], tilt), *example,
                    *read.rules("pledge.company")),
        "definition": (*read.at(own.definition[at], tilt), *read.rules("pledge.definition", "pledge.definition_weeks")),
        "settlement": (*read.at(own.decent[at], own.decent_firmness[at], tilt), *read.rules("pledge.settlement")),
    }  # fmt: skip
    return {name: each if firm[name] != world.absent else () for name, each in paths.items()}


def _circumstances(me: Contributor, read: InputsRead) -> tuple[Term, ...]:
    weighed, seen, own, at = me.circumstances, me.seen, me.model.world.actor, me.at
    return (
        Term("exposure", "how exposed the mission on the table is, beside the reference mission", weighed.exposure,
             {"exposure": seen.exposure}, (*_exposures(me, read), *read.rules("pledge.exposure"))),
        Term("home_guard", "home defence that a force would strip", weighed.home_guard,
             {"sufficiency": seen.sufficiency}, _with_rule(read, own.home_guard[at], "pledge.home_guard")),
        Term("sidelining", "fear of being left out of a settlement", weighed.sidelining,
             {"sidelined": seen.sidelined}, _with_rule(read, own.sidelining[at], "pledge.sidelining")),
        Term("fatigue", "weariness of paying for aid", weighed.fatigue, {"fatigue": seen.fatigue},
             _with_rule(read, own.aid_fatigue[at], "pledge.aid_fatigue", "pledge.fatigue_weeks")),
        Term("fear", "fear of the host's defeat", weighed.fear, {"advantage": seen.advantage},
             (*_with_rule(read, own.fear_of_defeat[at], "pledge.fear_of_defeat"),
              *(read.battlefield() if own.fear_of_defeat[at] != me.model.world.absent else ()))),
        Term("call", "being asked where troops are all that the force lacks", weighed.call, {"called": seen.called},
             read.rules("pledge.call_for_troops")),
    )  # fmt: skip


def _exposures(me: Contributor, read: InputsRead) -> tuple[str, ...]:
    model, mission = me.model, me.model.world.mission
    return read.at(mission.exposure[model.mission], mission.exposure[model.world.reference_mission]) if (
        model.mission >= 0
    ) else ()  # fmt: skip


def _with_rule(read: InputsRead, column: int, *rules: str) -> tuple[str, ...]:
    """Return a motive's path with its weight's; nothing where the actor has no such motive."""
    return (*read.at(column), *read.rules(*rules)) if column != read.world.absent else ()


def _outcome(me: Contributor, before: int) -> dict[str, Value]:
    model = me.model
    hesitant, opened, pledged = model.stage_from
    due = pledging.due_stage(before, me.readiness, hesitant, opened, pledged, model.rule.pledge_margin)
    luck = model.luck(model.world.stream.pledge[me.at])
    bound = holding.bound(me.in_force, me.force_weeks, model.rule.hold_tour_weeks, model.truce)
    return {
        "stage_before": vocabulary.STANCES[before],
        "stage": vocabulary.STANCES[me.stage],
        "due": vocabulary.STANCES[due],
        "decides": "by chance around the threshold" if model.world.decision else "at the threshold",
        "next_stage_from": model.stage_from[before] if before < len(model.stage_from) else None,
        "kept_down_to": model.stage_from[before - 1] - model.rule.pledge_margin if before > 0 else None,
        "chance_of_moving": me.moves,
        "luck": luck,
        "moves_this_week": luck < me.moves,
        "barred_weeks": me.barred_weeks,
        "bound_by_its_tour": bound,
        "bound_by_its_commitment": me.committed,
    }


def _thresholds(me: Contributor, read: InputsRead) -> tuple[str, ...]:
    world, own = me.model.world, me.model.world.actor
    commitment = (own.commit_troops, own.commit_rung, own.commit_consent, own.commit_company, own.commit_truce)
    weights = ("pledge.margin", "pledge.move", "pledge.hesitancy_slows")
    columns = (*world.scale.stage_from, own.government[me.at], *(column[me.at] for column in commitment))
    return (*read.at(*columns), *read.rules(*weights))
