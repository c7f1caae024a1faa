"""What the broker, the host and the opponent weighed in one week, term by term."""

from __future__ import annotations

from sim import vocabulary
from sim.model.belligerents import Belligerent, Host, Opponent
from sim.model.broker import Broker
from sim.model.situation import Deal, Situation
from sim.rules import offering
from sim.story.decision import Decision, Term, Value
from sim.story.inputs_read import InputsRead

_MOODS = ("moods.persistence", "moods.weekly_sd")


def offer(broker: Broker, rung_before: int) -> Decision:
    """Return the backstop that the broker put on offer just now: phase 4."""
    model, terms, read = broker.model, broker.terms, InputsRead(broker.model)
    own, world = broker.model.world.broker, broker.model.world
    consent = read.at(own.consent_ease, world.scale.consent[model.consent])
    met = [word for word, at in zip(vocabulary.RUNGS[1:], model.offered_from[1:], strict=True) if at <= broker.offer]
    return Decision(
        decision="offer",
        says="how far it is inclined to back a force, on the latent scale of the ladder",
        phase="offer",
        total=broker.offer,
        terms=(
            Term("posture", "its posture, with the turns it took and dated events", terms.posture,
                 {"start": broker.start, "turned": broker.posture - broker.start,
                  "dated_events": model.shift("us_posture")},
                 (*read.at(own.start, own.turns, own.turn_size, own.turn_upward), *read.events("us_posture"))),
            Term("pressure", "incentives that reach it, normal relations among them", terms.pressure, {},
                 (*read.edges(broker.at), *read.rules("lobby.adjustment", "lobby.budget"))),
            Term("pledges", "what others pledged", terms.pledges, {"sufficiency": model.sufficiency},
                 read.at(own.burden_sharing)),
            Term("consent", "the opponent's answer to the mission on the table", terms.consent,
                 {"answer": vocabulary.CONSENTS[model.consent]}, consent),
            Term("common_turn", "how the whole Atlantic relation turns", terms.turn, {}, read.at(world.us_turn)),
            Term("disposition", "a leaning of its own, beyond its words", terms.disposition, {},
                 read.at(world.actor.disposition[broker.at])),
            Term("mood", "the passing mood at home", terms.mood, {}, read.rules(*_MOODS)),
        ),
        outcome={
            "rung_before": vocabulary.RUNGS[rung_before],
            "rung": vocabulary.RUNGS[model.rung],
            "thresholds_met_up_to": met[-1] if met else vocabulary.RUNGS[0],
            "at_least": vocabulary.RUNGS[broker.floor],
            "at_most": vocabulary.RUNGS[broker.cap],
            "by_its_own_rule": vocabulary.RUNGS[offering.rung(len(met), broker.floor, broker.cap)],
        },
        numbers=read.at(*world.scale.offered_from[1:], own.at_least, own.at_most),
    )  # fmt: skip


def concedes(host: Host, deal: Deal) -> Decision:
    """Return the most that the host would concede in a deal: phase 5."""
    model, terms, read = host.model, deal.host, InputsRead(host.model)
    own, rules = host.model.world.host, read.rules
    hazard = ("truce.break_hazard", "truce.break_guarantee", "truce.break_threat", "truce.look_ahead_weeks")
    weights = ("truce.force_weight", "truce.promise_weight", "truce.arms_weight", *hazard)
    numbers = (own.loss_of_war, own.arms, *_guarding(host.model, deal), *_foresight(own.foresight, deal))
    return Decision(
        decision=_named("concedes", deal),
        says=f"the most it would concede {_in(model, deal)}",
        phase="truce",
        total=deal.most,
        terms=(
            Term("guarantee", "the war that the guarantee it sees would keep off", terms.guarantee,
                 {"guarantee": deal.guarantee, "loss_of_war": host.loss_of_war, "force_follows": deal.follows},
                 (*read.at(*numbers), *rules(*weights))),
            Term("pressure", "pressure on it, after what it resists", terms.pressure, {"payoff": host.payoff},
                 (*read.edges(host.at), *read.at(own.resists), *rules("lobby.adjustment", "lobby.budget"))),
            Term("advantage", "what it believes of the battlefield", terms.advantage,
                 {"belief": host.belief, "battlefield": model.battlefield_now}, _belief(host, read)),
            Term("memory", "distrust after broken deals", terms.memory, {"broken": model.broken},
                 (*read.at(own.memory), *rules("truce.memory_step"))),
            Term("disposition", "a leaning of its own, beyond its words", terms.disposition, {},
                 read.at(model.world.actor.disposition[host.at])),
            Term("mood", "this week's mood, where terms take moods in", deal.host_mood, {},
                 rules(*_MOODS) if model.world.terms else ()),
        ),
        outcome=_overlap(model, deal),
        numbers=rules("truce.overlap_weeks"),
    )  # fmt: skip


def requires(opponent: Opponent, deal: Deal) -> Decision:
    """Return the least that the opponent would take in a deal: phase 5."""
    model, read = opponent.model, InputsRead(opponent.model)
    asked = deal.asked[model.world.opponents_at.index(opponent.at)]
    terms = asked.terms
    numbers = (*_provoking(opponent, deal), *_foresight(opponent.columns.foresight, deal))
    return Decision(
        decision=_named("requires", deal),
        says=f"the least it would take {_in(model, deal)}",
        phase="truce",
        total=asked.least,
        terms=(
            *_claims(opponent, read, terms.provocation, numbers, {"force_follows": deal.follows}, 1.0),
            Term("advantage", "what it believes of the battlefield", terms.advantage,
                 {"belief": opponent.belief, "battlefield": model.battlefield_now}, _belief(opponent, read)),
            Term("pressure", "sanctions and other incentives that press it", terms.pressure,
                 {"payoff": opponent.payoff}, _pressed(opponent, read)),
            Term("relief", "what is held out to it for signing", terms.relief, {},
                 (*read.edges(opponent.at, ("normalisation",)), *read.rules("lobby.adjustment"))),
            Term("disposition", "a leaning of its own, beyond its words", terms.disposition, {},
                 read.at(model.world.actor.disposition[opponent.at])),
            Term("mood", "this week's mood, where terms take moods in", -asked.mood, {},
                 read.rules(*_MOODS) if model.world.terms else ()),
        ),
        outcome=_overlap(model, deal),
        numbers=read.rules("truce.overlap_weeks"),
    )  # fmt: skip


def consent(opponent: Opponent) -> Decision:
    """Return the opponent's answer to the mission on the table, as it gave it just now: phase 6."""
    model, terms, read = opponent.model, opponent.asked, InputsRead(opponent.model)
    own = opponent.columns
    numbers = (own.provocation, *((model.world.mission.provocation[model.mission],) if model.mission >= 0 else ()))
    return Decision(
        decision="consent",
        says="by how much what the host concedes exceeds what it asks for under the mission on the table",
        phase="consent",
        total=model.consent_index,
        terms=(
            Term("concession", "what the host concedes", model.concession, {"truce": model.truce}, ()),
            *_claims(opponent, read, terms.provocation, numbers, {}, -1.0),
            Term("advantage", "what it believes of the battlefield", -terms.advantage, {"belief": opponent.belief},
                 _belief(opponent, read)),
            Term("pressure", "sanctions and other incentives that press it", -terms.pressure,
                 {"payoff": opponent.payoff}, _pressed(opponent, read)),
            Term("disposition", "a leaning of its own, beyond its words", -terms.disposition, {},
                 read.at(model.world.actor.disposition[opponent.at])),
            Term("mood", "the passing mood at home", opponent.mood, {}, read.rules(*_MOODS)),
        ),
        outcome={
            "mission": model.missions[model.mission].name if model.mission >= 0 else vocabulary.NO_MISSION,
            "accepts_from": 0.0,
            "tolerates_from": -opponent.tolerance,
            "signed_with_the_truce": bool(model.truce and 0 <= model.signed == model.mission),
            "answer": vocabulary.CONSENTS[model.consent],
        },
        numbers=read.at(own.tolerance),
    )  # fmt: skip


def _claims(
    opponent: Opponent, read: InputsRead, provoked: float, numbers: tuple[int, ...], sees: dict[str, Value], sign: float
) -> tuple[Term, Term]:
    model, rung = opponent.model, opponent.model.world.scale.guarantee[opponent.model.rung]
    sees = {"rung_on_offer": vocabulary.RUNGS[model.rung], **sees}
    paths = (*read.at(*numbers, rung), *read.rules("truce.promise_provokes"))
    return (
        Term("provocation", "what a force in the deal, and the promise behind it, provoke", sign * provoked, sees,
             paths),
        Term("claims", "its claims to territory", sign * opponent.claims, {}, read.at(opponent.columns.claims)),
    )  # fmt: skip


def _pressed(opponent: Opponent, read: InputsRead) -> tuple[str, ...]:
    channels = [channel for channel in vocabulary.INCENTIVES if channel != "normalisation"]
    return (*read.edges(opponent.at, channels), *read.rules("lobby.adjustment", "lobby.budget"))


def _belief(side: Belligerent, read: InputsRead) -> tuple[str, ...]:
    world, host = side.model.world, side.at == side.model.world.host_at
    own = side.columns if isinstance(side, Opponent) else world.host
    events = read.events("ukrainian_optimism" if host else "russian_optimism")
    return (*read.at(own.optimism, own.doubt), *events, *read.rules("battlefield.terms_weight"), *read.battlefield())


def _guarding(model: Situation, deal: Deal) -> tuple[int, ...]:
    """Return the columns that say what the mission that a deal holds, or that would follow it, is worth."""
    at, kind = deal.mission if deal.mission >= 0 else model.mission, model.world.mission
    forward = (own.forward_forces for own in model.world.opponents)
    return (kind.worth[at], kind.reserves[at], *forward) if at >= 0 else ()


def _provoking(opponent: Opponent, deal: Deal) -> tuple[int, ...]:
    """Return the columns that say how the mission that a deal holds, or that would follow it, provokes an opponent."""
    model = opponent.model
    at = deal.mission if deal.mission >= 0 else model.mission
    return (opponent.columns.provocation, model.world.mission.provocation[at]) if at >= 0 else ()


def _foresight(column: int, deal: Deal) -> tuple[int, ...]:
    return (column,) if deal.mission < 0 else ()


def _named(what: str, deal: Deal) -> str:
    return f"{what}_with_mission" if deal.mission >= 0 else f"{what}_bare"


def _in(model: Situation, deal: Deal) -> str:
    if deal.mission < 0:
        return "for a truce without a force agreed, given the force that may follow"
    return f"for a truce with {model.missions[deal.mission].name} agreed"


def _overlap(model: Situation, deal: Deal) -> dict[str, Value]:
    return {
        "concedes": deal.most,
        "requires": deal.least,
        "overlap": deal.most - deal.least,
        "weeks_of_overlap": model.overlap_rounds * model.round_weeks,
        "weeks_wanted": model.rule.truce_overlap_weeks,
        "truce": model.truce,
    }
