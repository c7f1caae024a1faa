"""A decision explained: its terms add up to what the engine used, and its numbers lead to the paragraphs behind."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest

from sim.evidence import claim_files
from sim.model import phases
from sim.model.negotiation import Negotiation, Phase
from sim.scenario.evidence_use import KINDS
from sim.scenario.scenario import Scenario
from sim.story.drawn_run import DrawnRun, read_drawn_run
from sim.story.explain import Explained, Explanation, explain
from sim.story.narrative import tell
from sim.world import building, draws, quantiles_of
from sim.world.columns import World
from tests.worlds import baseline, tiny

NEAR = 1e-12
RIVALS = {
    "as spoken": {"rules.pledge.stances": "as_spoken"},
    "passing moods": {"rules.truce.terms": "passing"},
    "noisy": {"rules.pledge.decision": "quantal"},
    "package": {"rules.table.procedure": "package"},
}


class Watching(Negotiation):
    """A negotiation that notes what the engine itself had when each phase ended."""

    def __init__(self, world: World, run: int) -> None:
        super().__init__(world, *draws.draw(world, 1, 0), run)
        self.own: list[dict[tuple[str, str], float]] = []

    def perform(self, phase: Phase) -> None:
        """Play a phase, and note."""
        if phase is phases.news:
            self.own.append({})
        now = self.own[-1]
        if phase is phases.table:
            for actor in self.states:
                now[actor.name, "seat"] = actor.weight_at_table()
                bonus = {at: self.rule.table_bonus_standing if at == self.mission else 0.0 for at in range(99)}
                for at, kind in enumerate(self.missions):
                    now[actor.name, f"loss_from_{kind.name}"] = actor.dislikes(at) - bonus[at]
        super().perform(phase)
        if phase is phases.offer:
            now[self.broker.name, "offer"] = self.broker.offer
        if phase is phases.truce:
            last = self.deals[-1]
            kind = "with_mission" if last.mission >= 0 else "bare"
            now[self.host.name, f"concedes_{kind}"] = self.most
            now[self.opponent.name, f"requires_{kind}"] = self.least
        if phase is phases.consent:
            now[self.opponent.name, "consent"] = self.consent_index
        if phase is phases.pledge:
            for contributor in self.contributors:
                now[contributor.name, "readiness"] = contributor.readiness


def explanations(world: World, run: int, week: int) -> dict[str, tuple[object, ...]]:
    every = {}
    for at, name in enumerate(world.names.actors):
        every[name] = Explained(world, *draws.draw(world, 1, 0), run, at).explain(week)
    return every


def check_sums(scenario: Scenario, runs: range, weeks: tuple[int, ...]) -> set[str]:
    """Hold the terms of every decision of every actor against the engine's own state; return the decisions seen."""
    world, seen = building.build(scenario), set[str]()
    for run in runs:
        engine = Watching(world, run)
        engine.play()
        for week in weeks:
            for actor, decisions in explanations(world, run, week).items():
                for each in decisions:
                    assert sum(term.value for term in each.terms) == pytest.approx(each.total, abs=NEAR)
                    own = engine.own[week - 1].get((actor, each.decision))
                    if own is not None:
                        assert each.total == own, (actor, run, week, each.decision)
                    seen.add(each.decision)
    return seen


def test_terms_add_up_to_the_engines_own_numbers_over_many_runs_and_all_actors() -> None:
    seen = check_sums(tiny(), range(12), (1, 2, 5, 9, 16))
    assert {"readiness", "offer", "concedes_with_mission", "requires_with_mission", "consent", "seat"} <= seen
    assert any(each.startswith("loss_from_") for each in seen)


@pytest.mark.slow
def test_terms_add_up_in_the_baseline() -> None:
    check_sums(baseline(), range(4), (1, 20, 52))


@pytest.mark.parametrize("rival", RIVALS)
def test_terms_add_up_under_rival_rules(rival: str) -> None:
    check_sums(tiny().change(RIVALS[rival]), range(3), (1, 8))


def test_an_explained_run_is_the_run_itself() -> None:
    world = building.build(tiny())
    drawn = draws.draw(world, 1, 0)
    watched = Explained(world, *drawn, 3, 0)
    watched.explain(world.rounds)
    plain = Negotiation(world, *drawn, 3)
    assert plain.play().weekly.tolist() == [list(row) for row in watched.notes.weekly]


def test_every_number_is_what_the_run_drew_and_leads_to_its_paragraphs() -> None:
    why = explain(baseline(), "germany", 20, run=12)
    known = claim_files.load().claims
    assert {"actors.germany.needs.russian_consent.firmness", "rules.pledge.backstop"} <= set(why.numbers)
    for path, each in why.numbers.items():
        assert path in baseline().leaves and each.kind in KINDS
        for source in each.sources:
            if source.id in known:
                claim = known[source.id]
                assert (source.document, source.paragraph) == (claim.document, claim.paragraph)
            else:
                assert source.source
    (merz,) = {each.paragraph for each in why.numbers["actors.germany.governments.incoming.stance"].sources
               if each.id == "000.merz.if_russia_consents"}  # fmt: skip
    assert merz == 19


def test_the_demand_that_is_least_met_alone_holds_back() -> None:
    for run, actor in product(range(4), ("alba", "borea")):
        (readiness,) = (each for each in explain(tiny(), actor, 4, run).decisions if each.decision == "readiness")
        demands = [term for term in readiness.terms if "binds" in term.sees]
        assert sum(bool(term.value) for term in demands) <= 1
        least_met = max(float(term.sees["unmet"] or 0.0) for term in demands)
        assert -sum(term.value for term in demands) == least_met
        assert [term.sees["unmet"] for term in demands if term.sees["binds"]] == [least_met] * (least_met > 0.0)


def test_the_mission_that_is_tabled_is_the_least_loss_without_an_objection() -> None:
    world, proposals = building.build(tiny()), 0
    for run in range(8):
        for actor in world.names.actors:
            losses = [each for each in explain(tiny(), actor, 1, run).decisions if "tabled" in each.outcome]
            free = [each for each in losses if each.outcome["objection"] is None]
            if free:
                proposals += 1
                assert min(free, key=lambda each: each.total).outcome["tabled"]
    assert proposals


def test_an_actor_that_decides_nothing_says_so() -> None:
    patron = tiny().change({"actors.dorne": {"name": "Dorne", "roles": ["patron"]},
                            "network.dorne->rus/patronage": {"strength": 0.2, "willingness": 0.5}})  # fmt: skip
    assert "no decision of its own" in explain(patron, "dorne", 3).sentence


def test_what_is_asked_for_has_to_exist() -> None:
    with pytest.raises(ValueError, match="'alpa' is not an actor of tiny; did you mean 'alba'"):
        explain(tiny(), "alpa", 3)
    for week in (0, 17, 2.5):
        with pytest.raises(ValueError, match=f"week {week:g} is no week of tiny; allowed: 1 to 16"):
            explain(tiny(), "alba", week)


def test_an_explanation_is_plain_values_and_a_table() -> None:
    why = explain(tiny(), "alba", 3)
    assert isinstance(why, Explanation)
    facts = json.loads(json.dumps(why.facts()))
    assert facts["actor"] == "alba" and facts["decisions"][-1]["decision"] == "readiness"
    assert set(why.table.columns) == {"decision", "term", "says", "value", "numbers"}
    assert "readiness" in repr(why) and "<table" in why._repr_html_()


def drawn_run(scenario: Scenario, run: int) -> DrawnRun:
    """Return an ordinary run as one that a search keeps."""
    world = building.build(scenario)
    _, luck = draws.draw(world, 1, 0)
    import numpy as np

    quantiles = quantiles_of(world, 1, np.arange(512))[:, run]
    return DrawnRun(
        scenario=scenario.name,
        hash=scenario.hash,
        event="ceasefire",
        quantiles=dict(zip(world.names.inputs, quantiles.tolist(), strict=True)),
        luck={name: tuple(luck.values[at, :, run].tolist()) for at, name in enumerate(world.names.streams)},
    )


def test_a_run_from_a_file_is_told_as_the_same_run(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    drawn_run(tiny(), 5).write(file)
    kept = read_drawn_run(file, tiny())
    numbered, drawn = tell(tiny(), 1, 5).splitlines(), tell(tiny(), drawn=kept).splitlines()
    assert 'a run that a search for "ceasefire" kept' in "\n".join(drawn)
    assert [a for a, b in zip(numbered, drawn, strict=True) if a != b][1:] == []
    assert explain(tiny(), "alba", 7, drawn=kept).decisions == explain(tiny(), "alba", 7, run=5).decisions


def test_a_file_that_holds_no_such_run_is_refused(tmp_path: Path) -> None:
    file, kept = tmp_path / "kept.json", drawn_run(tiny(), 5)
    file.write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="not JSON"):
        read_drawn_run(file, tiny())
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match="holds no run of sim could"):
        read_drawn_run(file, tiny())
    kept.write(file)
    with pytest.raises(ValueError, match=r"was drawn for tiny \w+, not for tiny, changed"):
        read_drawn_run(file, tiny().change({"horizon_weeks": 20}))
    kept.model_copy(update={"luck": {}}).write(file)
    with pytest.raises(ValueError, match="another version"):
        read_drawn_run(file, tiny())


def test_a_commitment_is_told_where_it_binds_with_the_numbers_it_hangs_on() -> None:
    offers = {"actors.us.backstop.offers": {"at_least": "air_cover", "at_most": "air_cover"}}
    commits = {"troops": 3000, "if": {"us_backstop": "air_cover"}, "assumption": "what if"}
    scenario = baseline().change({"actors.poland.commits": commits, **offers, "actors.us.posture.turns": 0})
    text = tell(scenario, 1, 3)
    assert "Poland: from opposed to pledged" in text.replace("\n", " ")
    assert "what its commitment hangs on has come about" in " ".join(text.split())
    (weighed,) = (each for each in explain(scenario, "poland", 2, 3).decisions if each.decision == "readiness")
    assert weighed.outcome["bound_by_its_commitment"] is True
    assert weighed.outcome["stage"] == "pledged" and weighed.total < 1.0
    assert {"actors.poland.commits.troops", "actors.poland.commits.if.us_backstop"} <= set(weighed.numbers)
