"""Events of the talks: the world and the table, the offer, the truce and consent."""

from __future__ import annotations

from collections.abc import Iterator

from sim import vocabulary
from sim.story import reasons
from sim.story.recording import Moment
from sim.story.round_view import Event, Scene, because, detailed
from sim.words import RUNGS, listed, weeks

# --- the world and the table -----------------------------------------------------------------------------------------


def news(scene: Scene) -> Iterator[Event]:
    """Yield turns of posture, dated events and handovers."""
    yield from _turn(scene)
    first, last = scene.before.state["week"], scene.now.state["week"]
    for name, dated in sorted(scene.scenario.parts.events.items()):
        if first < scene.seen.inputs[f"events.{name}.week"] <= last:
            change = scene.seen.inputs[f"events.{name}.change"]
            words = reasons.QUANTITIES[dated.quantity][0 if change > 0.0 else 1].format(**scene.cast)
            yield scene.event("news", "", "dated_event", name, f"{name.replace('_', ' ')}: {words}")
    for actor, parts in scene.scenario.parts.actors.items():
        if parts.handover is not None and first < scene.seen.inputs[f"actors.{actor}.handover.week"] <= last:
            yield _handover(scene, actor)


def _turn(scene: Scene) -> Iterator[Event]:
    turned = scene.now.posture - scene.before.posture
    cap = vocabulary.RUNGS[int(scene.now.state["cap"])]
    if turned != 0.0 or scene.rose("cap"):
        upward = turned > 0.0 or scene.rose("cap")
        more = f"; the most it would offer is now {RUNGS[cap]}" if scene.rose("cap") else ""
        way = "towards" if upward else "away from"
        text = f"{scene.cast['broker']} turns {way} backing a force{more}"
        yield scene.event("news", scene.key("broker"), "posture_turned", "up" if upward else "down", text)


def _handover(scene: Scene, actor: str) -> Event:
    old, new = (
        vocabulary.STANCES[int(scene.seen.inputs[f"actors.{actor}.governments.{which}.stance"])]
        for which in ("outgoing", "incoming")
    )
    than = "as the old one was" if old == new else f"where the old one was {old}"
    text = f"a new government takes over in {scene.name(actor)}; by its words it is {new}, {than}"
    return scene.event("news", actor, "handover", f"{old} > {new}", text)


def table(scene: Scene) -> Iterator[Event]:
    """Yield what came to the table, or that nothing is left on it."""
    if scene.at == 1 and scene.seen.world.impose >= 0:
        key, text = scene.seen.world.names.missions[scene.seen.world.impose], scene.mission(scene.seen.world.impose)
        yield scene.event("table", "", "mission_tabled", key, f"the scenario puts {text} on the table throughout")
    if not scene.moved("mission"):
        return
    at, now = scene.now.state["mission"], scene.now
    if at < 0:
        yield scene.event(
            "table",
            "",
            "table_empty",
            vocabulary.NO_MISSION,
            "no mission is left on the table: each meets an objection",
        )
        return
    key = scene.seen.world.names.missions[int(at)]
    if scene.seen.world.procedure:
        yield scene.event("table", "", "mission_tabled", key, f"the table settles on {scene.mission(at)}")
        return
    text = f"{scene.name(now.proposer)} tables {scene.mission(at)}{_choice(scene, key)}{_dropped(scene)}"
    yield scene.event("table", now.proposer, "mission_tabled", key, text)


def _choice(scene: Scene, tabled: str) -> str:
    favourite = scene.now.favourite
    if favourite == tabled:
        return ", the mission it likes best"
    objection = scene.now.kept_off.get(favourite)
    if not objection:
        return ""
    name = scene.scenario.parts.missions[favourite].name
    return f'; it would prefer "{name}", but {reasons.OBJECTIONS[objection].format(**scene.cast)}'


def _dropped(scene: Scene) -> str:
    old = scene.before.state["mission"]
    key = scene.seen.world.names.missions[int(old)] if old >= 0 else ""
    objection = scene.now.kept_off.get(key)
    if not objection or key == scene.now.favourite:
        return ""
    return f"; {scene.mission(old)} falls away, as {reasons.OBJECTIONS[objection].format(**scene.cast)}"


# --- the offer, the truce and consent --------------------------------------------------------------------------------


def offer(scene: Scene) -> Iterator[Event]:
    """Yield a change of the backstop on offer."""
    if not scene.moved("rung"):
        return
    old, new = (vocabulary.RUNGS[int(moment.state["rung"])] for moment in (scene.before, scene.now))
    upward = scene.rose("rung")
    then = scene.seen.moments[scene.since(lambda moment: moment.state["rung"])]
    parts = reasons.main_parts(reasons.changed(then.offer, scene.now.offer), upward)
    why = reasons.reasons(parts, upward, reasons.OFFER, sharing=_sharing(scene, then, upward), **scene.cast)
    offers = (
        "withdraws the backstop it offered" if new == "none" else f"now offers {'' if upward else 'only '}{RUNGS[new]}"
    )
    text = f"{scene.cast['broker']} {offers}{because(why)}"
    yield scene.event(
        "offer", scene.key("broker"), "offer_rose" if upward else "offer_fell", detailed(f"{old} > {new}", parts), text
    )


def _sharing(scene: Scene, then: Moment, upward: bool) -> str:
    more = scene.before.state["sufficiency"] > then.state["sufficiency"]
    if upward:
        says = "European pledges persuade it" if more else "fewer European pledges make it feel needed"
    else:
        says = "European pledges let it step back" if more else "European pledges fall away"
    return scene.scenario.names.of_group(says)


def truce(scene: Scene) -> Iterator[Event]:
    """Yield a truce signed or broken, or how near its terms came."""
    now, before = scene.now.state, scene.before.state
    signed, broken = now["truces"] > before["truces"], now["broken"] > before["broken"]
    if signed:
        yield _signed(scene)
    if broken:
        yield _broken(scene)
    if not (signed or broken or now["truce"]):
        yield from _terms(scene)


def overlap(moment: Moment) -> float:
    """Return by how much what the host would concede exceeds the opponent would take, in the deal nearest to both."""
    return float(sum(moment.overlap.values()))


def _terms(scene: Scene) -> Iterator[Event]:
    now, was = overlap(scene.now), overlap(scene.before)
    start = war_began(scene)
    first = scene.at == start
    met, were_met = now >= 0.0, was >= 0.0 and not first
    if met and not were_met:
        parts, why = _moved_terms(scene, start, True)
        opening = (
            f"are within reach of each other {'from the start' if start == 1 else 'still'}"
            if first
            else "come within reach of each other"
        )
        text = f"the terms of {scene.cast['host']} and {scene.cast['opponent']} for a truce {opening}{because(why)}"
        yield scene.event("truce", "", "terms_met", detailed("met", parts), text)
    elif were_met and not met:
        parts, why = _moved_terms(scene, scene.at - 1, False)
        yield scene.event(
            "truce",
            "",
            "terms_parted",
            detailed("parted", parts),
            f"before a truce is signed, the terms part again{because(why)}",
        )
    elif not met and _halved(scene, start):
        parts, why = _moved_terms(scene, start, True)
        yield scene.event(
            "truce",
            "",
            "gap_halved",
            detailed("halved", parts),
            _half(scene, why),
        )


def _halved(scene: Scene, start: int) -> bool:
    moments = scene.seen.moments
    if start == scene.at:
        return False
    half = 0.5 * overlap(moments[start])
    return overlap(scene.now) >= half > max(overlap(moment) for moment in moments[start : scene.at]) and half < 0.0


def _half(scene: Scene, why: str) -> str:
    host, opponent = scene.cast["host"], scene.cast["opponent"]
    return f"half of the gap has closed between what {host} would concede and {opponent} would take{because(why)}"


def war_began(scene: Scene) -> int:
    """Return the first round in which both sides weighed terms anew: round 1, or the one after the last truce broke."""
    at = scene.at
    while at > 1 and not _at_peace(scene, at - 1):
        at -= 1
    return at


def _at_peace(scene: Scene, at: int) -> bool:
    """Return whether a truce held at the beginning of a round."""
    return bool(scene.seen.moments[at].state["truce"] or scene.seen.moments[at - 1].state["truce"])


def _moved_terms(scene: Scene, start: int, upward: bool) -> tuple[list[str], str]:
    parts = reasons.main_parts(reasons.changed(scene.seen.moments[start].overlap, scene.now.overlap), upward, most=3)
    return parts, reasons.reasons(parts, upward, reasons.OVERLAP, **scene.cast)


def _signed(scene: Scene) -> Event:
    state = scene.now.state
    mission = state["signed"]
    deal = f"that includes {scene.mission(mission)}" if mission >= 0 else "without a force in it"
    imposed = "; it is largely imposed by outside pressure" if state["imposed"] > 0.25 else ""
    text = f"{scene.cast['host']} and {scene.cast['opponent']} sign a truce {deal}; {_conceding(scene)}{imposed}"
    return scene.event(
        "truce", "", "truce_signed", scene.seen.world.names.missions[int(mission)] if mission >= 0 else "bare", text
    )


def _conceding(scene: Scene) -> str:
    conceded = scene.now.state["concession"]
    size = next(
        word
        for upper, word in ((0.1, "next to nothing"), (0.4, "little"), (0.7, "much"), (1.1, "almost all"))
        if conceded <= upper
    )
    return f"{scene.cast['host']} concedes {size} of what is asked of it"


def _broken(scene: Scene) -> Event:
    before, now = scene.before.state, scene.now.state
    refused = before["force"] >= 0 and before["consent"] == 0 and scene.seen.world.mission.western[int(before["force"])]
    causes = {
        "the force in the field and {opponent} exchange fire".format(**scene.cast): now["escalated"] > 0,
        "both sides no longer want the same terms": now["requires"] > now["concedes"],
        "{opponent} refuses the force that stands there".format(**scene.cast): bool(refused),
        "no force stood guard": before["force"] < 0,
        "it had been imposed": before["imposed"] > 0.25,
        "hardly any sanctions threatened whoever broke it": scene.now.state["threat"] < 0.2,
    }
    why = listed([cause for cause, holds in causes.items() if holds])
    lasted = f"after {weeks(scene.weeks_since(lambda moment: moment.state['truce']))}" if before["truce"] else "at once"
    text = f"the truce breaks {lasted}{': ' if why else ', although a force stood guard'}{why}"
    return scene.event("truce", "", "truce_broke", "", text)


def consent(scene: Scene) -> Iterator[Event]:
    """Yield the opponent's answer to the mission on the table."""
    if scene.now.state["mission"] < 0 or not (scene.moved("consent") or scene.at == 1):
        return
    old, new = (vocabulary.CONSENTS[int(moment.state["consent"])] for moment in (scene.before, scene.now))
    if scene.at == 1 or scene.moved("mission"):
        text = f"{scene.cast['opponent']} {new} this mission"
        yield scene.event("consent", scene.key("opponent"), "answer", f"{old} > {new}", text)
        return
    upward = scene.rose("consent")
    then = scene.seen.moments[scene.since(lambda moment: (moment.state["consent"], moment.state["mission"]))]
    parts = reasons.main_parts(reasons.changed(then.consent, scene.now.consent), upward)
    signed = scene.now.state["signed"] >= 0 and scene.rose("truces")
    why = "it signed the deal" if signed else reasons.reasons(parts, upward, reasons.CONSENT, **scene.cast)
    text = f"{scene.cast['opponent']} now {new} the mission on the table{because(why)}"
    yield scene.event("consent", scene.key("opponent"), "consent", detailed(f"{old} > {new}", parts), text)
