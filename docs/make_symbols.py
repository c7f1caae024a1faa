"""Rewrite what docs take from code and configs, between markers: ``python docs/make_symbols.py``.

Every key of a config in ``reference/config.md``, the table of symbols in ``model.md``, the columns in
``reference/columns.md``, the grammar and the names of events in ``reference/events.md``, the documents, what the
baseline's numbers rest on and the topics of the literature in ``evidence.md``, the records in
``reference/literature.md``. A test holds that the committed pages are what this would write now.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from sim import evidence, vocabulary
from sim.ensemble import columns, event_grammar, event_names, run_events
from sim.evidence import literature
from sim.scenario import evidence_use, key_table
from sim.scenario.loading import load
from sim.scenario.scenario import Leaf, Scenario

DOCS: Final = Path(__file__).parent
SHOWN: Final = 3
"""So many claims are named in a cell; the rest are counted."""
SPELT_OUT: Final = 8
"""So many numbers are spelt out in a cell; of more their limits are told."""


class Symbol(NamedTuple):
    """A symbol, what it is, and the config path of its number; ``*`` stands for any one key."""

    symbol: str
    what: str
    path: str


SYMBOLS: Final = (
    # news
    Symbol(r"\bar w", "Russia's advantage on the battlefield, long-run mean", "rules.battlefield.mean"),
    Symbol(r"\rho_w", "share of the advantage's deviation left after a week", "rules.battlefield.persistence"),
    Symbol(r"\sigma_w", "standard deviation of its weekly shock", "rules.battlefield.weekly_sd"),
    Symbol(r"\lambda", "units of concession for one unit of advantage or optimism", "rules.battlefield.terms_weight"),
    Symbol(r"\lambda_s", "what Russia's advantage gains if Kyiv is left without arms", "rules.battlefield.arms"),
    Symbol(r"o_R", "Moscow's optimism at the start", "actors.russia.optimism"),
    Symbol(r"o_U", "Kyiv's optimism at the start", "actors.ukraine.optimism"),
    Symbol(r"\varsigma_R", "error of a week's fighting as a reading of it, to Moscow", "actors.russia.doubt"),
    Symbol(r"\varsigma_U", "the same, to Kyiv", "actors.ukraine.doubt"),
    Symbol(r"\rho_m", "share of a mood left after a week", "rules.moods.persistence"),
    Symbol(r"\sigma_m", "standard deviation of a mood's weekly shock", "rules.moods.weekly_sd"),
    Symbol(r"p_{A0}", "US posture at the start", "actors.us.posture.start"),
    Symbol(r"r_A", "chance a week that the posture turns", "actors.us.posture.turns"),
    Symbol(r"\Delta_A", "size of a turn", "actors.us.posture.turn_size"),
    Symbol(r"\pi_A", "share of turns that go upwards", "actors.us.posture.turn_upward"),
    Symbol(r"\tau", "US turn, drawn once a run: moves the offer and the will to press", "common.us_turn"),
    Symbol(r"\varepsilon_E", "European mood, drawn once a run for all Europeans", "common.european_mood"),
    Symbol(r"t_\kappa", "tilt of the odds of every credence, drawn once a run", "common.credence"),
    Symbol(r"t_f", "tilt of the odds that a demand is meant, for all demands, drawn once a run", "common.firmness"),
    Symbol(r"t_c", "what all capacities are above those given, as a share, drawn once a run", "common.capacity"),
    # learning
    Symbol(r"\nu_q", "observations that a prior belief in the promise counts for", "rules.learning.credence_weight"),
    Symbol(r"\iota_b", "observations that a changed offer counts for", "rules.learning.offer_tells"),
    Symbol(r"\iota_q", "observations that a promise kept or broken counts for", "rules.learning.promise_tells"),
    # lobby
    Symbol(r"s_e", "strength of an edge", "network.*.strength"),
    Symbol(r"u_e", "willingness of its source to use it", "network.*.willingness"),
    Symbol(r"O_e", "whether a gate is open", "network.*.open"),
    Symbol(r"E_i", "effort a week of a source that is no great power; theirs is 1", "rules.lobby.budget"),
    Symbol(r"d", "share of the gap to the incentives that a payoff closes in a week", "rules.lobby.adjustment"),
    Symbol(r"\nu", "share of the gap to its goal that a position closes in a week", "rules.lobby.influence_speed"),
    Symbol(r"\psi_d", "how far normal relations draw Washington from sanctions", "rules.lobby.broker_drawn"),
    Symbol(r"\psi_t", "how far a turn moves Washington's will to press", "rules.lobby.turn_reach"),
    Symbol(r"a_i", "susceptibility to persuasion", "actors.*.susceptibility"),
    Symbol(r"x_{i0}", "ideal point at the start, by issue", "actors.*.positions.*"),
    # table
    Symbol(r"\omega_i", "salience, by issue", "actors.*.salience.*"),
    Symbol(r"S_i", "standing at the table", "actors.*.standing"),
    Symbol(r"\rho_S", "how much European pledges raise European standing", "rules.table.pledges_raise_standing"),
    Symbol(r"B", "bonus of the mission that stands", "rules.table.bonus_standing"),
    Symbol(r"\mu_S", "share of a minimum that must be in sight for sponsors", "rules.table.supply_share"),
    Symbol(r"v_U", "least worth of a mission that Kyiv hosts", "actors.ukraine.worth_floor"),
    Symbol(r"\rho_U", "how much of it pressure takes off", "rules.table.floor_relief"),
    Symbol(r"F_A", "firmness of the US veto on a NATO flag", "actors.us.vetoes.nato_flag.firmness"),
    Symbol(r"F_R", "firmness of Russia's veto on light missions", "actors.russia.vetoes.light_missions.firmness"),
    Symbol(r"f_R", "provocation that Russia stands in them", "actors.russia.vetoes.light_missions.provocation_at_most"),
    # missions
    Symbol(r"z_m", "profile of a mission, by issue", "missions.*.profile.*"),
    Symbol(r"v_m", "worth of a mission as a guarantee", "missions.*.worth"),
    Symbol(r"f_m", "provocation to Russia", "missions.*.provocation"),
    Symbol(r"h_m", "exposure", "missions.*.exposure"),
    Symbol(r"N^*_m", "size that is spoken of (troops)", "missions.*.target_troops"),
    Symbol(r"\mu_N", "share of it below which no mission begins", "rules.form.minimum_share"),
    Symbol(r"R_m", "reserves outside", "missions.*.reserves_outside"),
    Symbol(r"\Phi", "Russian forces left near the line", "actors.russia.forward_forces"),
    Symbol(r"\ell_\Phi", "worth that they cost", "rules.hold.forward_loss"),
    Symbol(r"\rho_R", "worth that reserves give back", "rules.hold.reserve_gain"),
    # offer
    Symbol(r"y_b", "threshold of a rung on the offer", "scales.offered_from.*"),
    Symbol(r"g(b)", "guarantee of a rung", "scales.guarantee.*"),
    Symbol(r"e(b)", "enabling power of a rung", "scales.enabling.*"),
    Symbol(r"\theta_n", "burden sharing: what pledges do to the offer", "actors.us.burden_sharing"),
    Symbol(r"\theta_k", "what Russian consent does to it", "actors.us.consent_ease"),
    Symbol(r"\varepsilon_A", "US disposition", "actors.us.disposition"),
    Symbol(r"b_{\min}", "lowest rung on offer", "actors.us.backstop.offers.at_least"),
    Symbol(r"b_{\max}", "highest rung on offer, before turns", "actors.us.backstop.offers.at_most"),
    Symbol(r"q", "true chance that the promise is honoured", "actors.us.backstop.honoured"),
    Symbol(r"\hat q_i", "chance that an actor believes in", "actors.*.credence"),
    # truce
    Symbol(r"L", "what another war would cost Kyiv, in units of concession", "actors.ukraine.loss_of_war"),
    Symbol(r"t_H", "weeks over which Kyiv looks at how long a truce lasts", "rules.truce.look_ahead_weeks"),
    Symbol(r"\chi_U", "foresight of Kyiv", "actors.ukraine.foresight"),
    Symbol(r"\chi_R", "foresight of Moscow", "actors.russia.foresight"),
    Symbol(r"c_0", "logit of a force that follows, with nothing pledged or ready", "rules.truce.follow_base"),
    Symbol(r"c_n", "what a force pledged in full adds to it", "rules.truce.follow_pledged"),
    Symbol(r"c_r", "what all other requirements in place add to it", "rules.truce.follow_ready"),
    Symbol(r"\mu_U", "memory of broken deals", "actors.ukraine.memory_of_broken_deals"),
    Symbol(r"\mu_1", "what one more broken truce adds to it", "rules.truce.memory_step"),
    Symbol(r"s", "arms that Kyiv counts on", "actors.ukraine.arms"),
    Symbol(r"\rho_P", "share of pressure that Kyiv resists", "actors.ukraine.resists_pressure"),
    Symbol(r"\varepsilon_U", "Ukrainian disposition", "actors.ukraine.disposition"),
    Symbol(r"\eta_F", "weight of a force in the guarantee", "rules.truce.force_weight"),
    Symbol(r"\eta_b", "weight of the American promise in it", "rules.truce.promise_weight"),
    Symbol(r"\eta_s", "weight of arms in it", "rules.truce.arms_weight"),
    Symbol(r"\phi", "weight of provocation to Moscow", "actors.russia.provocation"),
    Symbol(r"\phi_b", "what a promise adds to provocation", "rules.truce.promise_provokes"),
    Symbol(r"c_R", "territorial claims", "actors.russia.territorial_claims"),
    Symbol(r"\varepsilon_R", "Russian disposition", "actors.russia.disposition"),
    Symbol(r"W_T", "weeks of overlap before a truce", "rules.truce.overlap_weeks"),
    Symbol(r"h_0", "chance a week that a truce breaks, other things zero", "rules.truce.break_hazard"),
    Symbol(r"\beta_G", "how a guarantee lowers it", "rules.truce.break_guarantee"),
    Symbol(r"\beta_I", "how imposition raises it", "rules.truce.break_imposed"),
    Symbol(r"\beta_T", "how threatened sanctions lower it", "rules.truce.break_threat"),
    Symbol(r"\beta_r", "how terms that no longer overlap raise it", "rules.truce.break_regret"),
    Symbol(r"\beta_p", "how a Western force that Moscow refuses raises it", "rules.truce.break_provoked"),
    # consent
    Symbol(r"t_R", "shortfall that Moscow tolerates", "actors.russia.tolerance"),
    Symbol(r"k", "consent as a number, by word", "scales.consent.*"),
    # pledge
    Symbol(r"\theta_c", "stance with all own demands met", "actors.*.stance"),
    Symbol(r"\theta_c", "the same, of the outgoing government", "actors.*.governments.outgoing.stance"),
    Symbol(r"\theta_c", "the same, of the incoming government", "actors.*.governments.incoming.stance"),
    Symbol(r"t_c", "week of the handover", "actors.*.handover.week"),
    Symbol(r"\theta", "readiness behind the words of stance", "scales.stance.*"),
    Symbol(r"y_1, y_2, y_3", "readiness from which a stage is due", "scales.stage_from.*"),
    Symbol(r"\varepsilon_c", "disposition of a contributor", "actors.*.disposition"),
    Symbol(r"\delta_c", "duty: history as a pull", "actors.*.motives.duty"),
    Symbol(r"N_c", "troops that can be sent at once", "actors.*.capacity_troops"),
    Symbol(r"\beta_d", "weight of a backstop demanded and wholly lacking", "rules.pledge.backstop"),
    Symbol(r"d_c", "rung demanded; its guarantee is g of it", "actors.*.needs.us_backstop.at_least"),
    Symbol(r"r^d_c", "firmness of that demand", "actors.*.needs.us_backstop.firmness"),
    Symbol(r"\alpha_c", "autonomy: how far European troops stand in for it", "actors.*.motives.autonomy"),
    Symbol(r"\beta_k", "weight of consent wanted and wholly lacking", "rules.pledge.consent"),
    Symbol(r"k^*_c", "consent wanted", "actors.*.needs.russian_consent.at_least"),
    Symbol(r"r_c", "firmness of that want", "actors.*.needs.russian_consent.firmness"),
    Symbol(r"\beta_n", "weight of company wanted and wholly lacking", "rules.pledge.company"),
    Symbol(r"a^*_c", "company wanted, as a share of a complete force", "actors.*.needs.company.at_least"),
    Symbol(r"r^n_c", "firmness of that want", "actors.*.needs.company.firmness"),
    Symbol(r"\omega_E", "share of example in company", "rules.pledge.example"),
    Symbol(r"\beta_h", "weight of exposure beyond that of the reference mission", "rules.pledge.exposure"),
    Symbol(r"\beta_x", "weight of a home guard stripped", "rules.pledge.home_guard"),
    Symbol(r"\chi_c", "fear of a bare border at home", "actors.*.home_guard"),
    Symbol(r"\beta_q", "weight of a settlement that is not decent", "rules.pledge.settlement"),
    Symbol(r"\kappa^*_c", "most concession that is decent", "actors.*.needs.decent_settlement.concession_at_most"),
    Symbol(r"r^q_c", "firmness of that want", "actors.*.needs.decent_settlement.firmness"),
    Symbol(r"\beta_f", "weight of a mission not yet defined", "rules.pledge.definition"),
    Symbol(r"r^f_c", "firmness of that want", "actors.*.needs.definition.firmness"),
    Symbol(r"W_f", "weeks on the table until it is defined", "rules.pledge.definition_weeks"),
    Symbol(r"\beta_s", "weight of being sidelined", "rules.pledge.sidelining"),
    Symbol(r"\sigma_c", "fear of it", "actors.*.motives.sidelining"),
    Symbol(r"\beta_a", "weight of aid fatigue", "rules.pledge.aid_fatigue"),
    Symbol(r"\phi_c", "proneness to it", "actors.*.motives.aid_fatigue"),
    Symbol(r"W_a", "weeks in which most of it is reached", "rules.pledge.fatigue_weeks"),
    Symbol(r"\beta_F", "weight of fear of a Ukrainian defeat", "rules.pledge.fear_of_defeat"),
    Symbol(r"\nu_c", "proneness to it", "actors.*.motives.fear_of_defeat"),
    Symbol(r"\beta_c", "what being asked adds where troops are all that a force lacks", "rules.pledge.call_for_troops"),
    Symbol(r"r_p", "chance a week that a due move is made", "rules.pledge.move"),
    Symbol(r"\rho_H", "how much hesitancy slows it", "rules.pledge.hesitancy_slows"),
    Symbol(r"H_c", "hesitancy of the government", "actors.*.hesitancy.government"),
    Symbol(r"\Delta", "margin past which a stage is lost", "rules.pledge.margin"),
    Symbol(r"\lambda_q", "precision of decisions, where they are quantal", "rules.pledge.precision"),
    # ratify
    Symbol(r"W_c", "weeks from pledge to vote", "actors.*.ratification.weeks"),
    Symbol(r"s_c", "support at home", "actors.*.ratification.support"),
    Symbol(r"\delta_D", "weight of those who hold back", "rules.ratify.domestic"),
    Symbol(r"c_c", "hesitancy of the coalition", "actors.*.hesitancy.coalition"),
    Symbol(r"l_c", "hesitancy of parliament", "actors.*.hesitancy.parliament"),
    Symbol(r"v_c", "hesitancy of the public", "actors.*.hesitancy.public"),
    Symbol(r"W_b", "weeks for which a refusal bars", "rules.ratify.bar_weeks"),
    # form
    Symbol(r"C_0", "ceiling of a Western force without enablers (troops)", "rules.form.ceiling_alone"),
    Symbol(r"C_1", "what full enablers add to it (troops)", "rules.form.ceiling_enablers"),
    Symbol(r"p_B", "Berlin-plus: enabling power without an American offer", "rules.form.berlin_plus"),
    Symbol(r"\ell_H", "share of the ceiling lost when every hub is shut", "rules.form.hub_loss"),
    Symbol(r"W", "weeks for which all requirements hold", "rules.form.weeks"),
    Symbol(r"\tau_s", "share of its capacity that a state sends to train", "rules.form.training_share"),
    Symbol(r"\tau_w", "extra reluctance of trainers while there is war", "rules.form.training_war"),
    # hold
    Symbol(r"\lambda_0", "chance a week of an attack, other things zero", "rules.hold.attack_hazard"),
    Symbol(r"\zeta_h", "weight of exposure in it", "rules.hold.exposure"),
    Symbol(r"\zeta_k", "weight of consent", "rules.hold.consent"),
    Symbol(r"\zeta_g", "weight of the promise as Moscow believes it", "rules.hold.promise"),
    Symbol(r"\zeta_v", "weight of the force's worth", "rules.hold.worth"),
    Symbol(r"\omega", "factor on the risk when there is no truce", "rules.hold.war_factor"),
    Symbol(r"\zeta_s", "readiness lost in an attack without answer", "rules.hold.attack_shock"),
    Symbol(r"\rho_F", "share of attacks that end in an exchange of fire", "rules.hold.retaliates"),
    Symbol(r"W_\rho", "weeks of a first tour", "rules.hold.tour_weeks"),
    Symbol(r"\rho_t", "units that it takes to keep one in the field", "rules.hold.rotation"),
)

ACTORS: Final = columns.ACTOR
NAMED_MISSIONS: Final = tuple(name for name, column in columns.WEEKLY_COLUMNS.items() if column.holds == "mission")


def main() -> None:
    """Rewrite every generated part of the pages."""
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8")


def pages() -> dict[Path, str]:
    """Return every page with generated parts, as it should stand."""
    texts: dict[Path, str] = {}
    for name, (page, make) in PARTS.items():
        path = DOCS / page
        texts[path] = between(texts.get(path) or path.read_text(encoding="utf-8"), name, make())
    return texts


def between(text: str, name: str, part: str) -> str:
    """Return ``text`` with ``part`` between the markers of ``name``.

    Raises
    ------
    ValueError
        If the two markers do not stand there once each.
    """
    begin, end = f"<!-- generated: {name} -->", f"<!-- end: {name} -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise ValueError(f"expected the markers {begin} and {end} once each")
    head, _, rest = text.partition(begin)
    return f"{head}{begin}\n{part}\n{end}{rest.partition(end)[2]}"


def symbols() -> str:
    """Return the table of symbols, with priors and sources of the baseline."""
    rows = [(f"${row.symbol}$", row.what, f"`{row.path}`", *_facts(row, matching(row))) for row in SYMBOLS]
    return table(("symbol", "what it is", "config path", "prior in the baseline", "source"), rows)


def matching(row: Symbol) -> list[Leaf]:
    """Return the numbers of the baseline that a symbol stands for; a path written out goes before one with a ``*``."""
    exact = {other.path for other in SYMBOLS}
    return [
        leaf
        for path, leaf in _baseline().leaves.items()
        if path == row.path or (path not in exact and _shape(row).fullmatch(path))
    ]


def runs() -> str:
    """Return the columns of the table of runs."""
    lacks = "whether a run without a deployed force at the horizon lacks this requirement then"
    more = {
        "missing_GATE": f"{lacks} ({_listed(vocabulary.GATES)})",
        "tabled_MISSION": "weeks for which this mission stood on the table; one column a mission of the config",
    }
    return _columns({**columns.RUN, **more})


def inputs() -> str:
    """Return the columns of the table of inputs."""
    numbers = "the value drawn for the number at this config path; a choice is a position in its scale, from 0"
    scales = "; ".join(f"{name}: {_listed(words)}" for name, words in vocabulary.SCALES.items())
    return _columns({"run": ACTORS["run"], "PATH": f"{numbers} ({scales})"})


def actors() -> str:
    """Return the columns of the table of actors."""
    return _columns(ACTORS)


def events() -> str:
    """Return the columns of the table of events."""
    return _columns(columns.EVENT)


def event_names_of_runs() -> str:
    """Return the events of runs."""
    return table(("event", "what came about"), [(f"`{name}`", meaning) for name, meaning in run_events.EVENTS.items()])


def actor_weeks() -> str:
    """Return the columns of the table of contributors and weeks."""
    return _columns(columns.ACTOR_WEEK)


def weekly() -> str:
    """Return the columns of the table of weeks."""
    named = {name: f"{columns.WEEKLY[name].partition(' (')[0]} (name, or none)" for name in NAMED_MISSIONS}
    return _columns({"run": ACTORS["run"], **columns.WEEKLY, **named})


def grammar() -> str:
    """Return the grammar of events, as the parser states it."""
    lines = str(event_grammar.__doc__).splitlines()
    return "\n".join(["```text", *(line[4:] for line in lines if line.startswith("    ")), "```"])


def named(*kinds: event_names.Kind) -> str:
    """Return the names of some kinds that an event may be made of; ``MISSION`` stands for each mission of a config."""
    known = event_names.names(("MISSION",))
    return table(("name", "what it means"), [_named(name, known[name]) for name in event_names.in_kind(known, kinds)])


def _named(name: str, about: event_names.Name) -> tuple[str, str]:
    words = [word for word in about.words if word != "MISSION"]
    order = ", lowest first" if about.ordered else " and the missions of the config"
    more = f": {_listed(words)}{order}" if words else ""
    same = f"; column `{about.column}`" if about.column != name and about.kind in ("number", "word") else ""
    return f"`{name}`", f"{about.meaning}{same}{more}"


def documents() -> str:
    """Return the documents, and how many claims each holds."""
    known = evidence.load()
    rows = [
        (id, found.kind, found.outlet or "not named", found.date, str(len(claims)), ", ".join(found.leans_on) or "none")
        for (id, found), claims in zip(known.documents.items(), known.by_document().values(), strict=True)
    ]
    return table(("document", "kind", "outlet", "date (inferred)", "claims", "shares sources with"), rows)


def rest_on() -> str:
    """Return what the numbers of the baseline rest on."""
    kinds, stated = evidence_use.kinds(_baseline()), evidence_use.stated_kinds(_baseline())
    means = {
        "documented": "claims alone give the value",
        "value_only": "claims give the value, we gave the spread",
        "anchored": "published figures bear on it, we carried them over",
        "ordered": "claims say that it is more or less than another number, we gave the distance",
        "assumed": "we gave value and spread; claims may speak to it",
        "convention": "it only fixes a unit or a scale, or its width makes no difference; no evidence, and no guess",
        "unexplained": "nothing is said; refused by `sim check`",
    }
    rows = [(f"`{kind}`", means[kind], str(stated[kind]), str(count)) for kind, count in kinds.items()]
    whole = ("all", "", str(sum(stated.values())), str(sum(kinds.values())))
    return table(("kind", "what it means", "stated in the config", "in a run"), [*rows, whole])


def topics() -> str:
    """Return the topics of the literature, how many records each has, and how much of their sources was seen."""
    known = literature.load()
    rows = []
    for topic, words in literature.LITERATURE_TOPICS.items():
        records = known.select(topic)
        seen = Counter(record.seen for record in records)
        told = ", ".join(f"{seen[word]} {word}" for word in literature.SEEN if word in seen)
        rows.append((f"[{topic}](reference/literature.md#{topic})", words, str(len(records)), told))
    return table(("topic", "what about", "records", "of these seen"), [*rows, ("all", "", str(len(known.records)), "")])


def records() -> str:
    """Return all records of the literature, a section a topic."""
    known = literature.load()
    parts = []
    for topic, words in literature.LITERATURE_TOPICS.items():
        rows = [(f"`{record.id}`", *map(_plain, _cells(record)), _source_of(record)) for record in known.select(topic)]
        head = ("record", "what was counted", "figure", "source, and how much of it was seen")
        parts.append(f"## {topic.capitalize()}\n\n{words[0].upper()}{words[1:]}.\n\n{table(head, rows)}")
    return "\n\n".join(parts)


def countries() -> str:
    """Return what the columns of the table of countries hold."""
    rows = [
        (f"`{name}`", _plain(column.means), ", ".join(f"`{id}`" for id in column.sources))
        for name, column in literature.load().columns.items()
    ]
    return table(("column", "what it holds", "from"), rows)


def _cells(record: literature.Record) -> tuple[str, str]:
    return f"{record.quantity}: {record.population}, {record.period}", f"{record.figure}; {record.unit}"


def _source_of(record: literature.Record) -> str:
    source = record.source
    link = f"https://doi.org/{source.doi}" if source.doi else source.address
    title = f"[{_plain(source.title)}]({link})" if link else _plain(source.title)
    year = f" ({source.year})" if source.year else ""
    where = f". {_plain(source.where)}" if source.where else ""
    return f"{_plain(source.authors)}{year}: {title}{where} ({record.seen})"


def _plain(text: str) -> str:
    """Return a text that stands in a cell as it is."""
    return re.sub(r"([|*_<>\[\]])", r"\\\1", text)


def config_keys() -> str:
    """Return every key of every part of a config, a table a part."""
    parts = [
        _keys_of("scenario", "They stand at the top of a file.", key_table.top_keys(), ""),
        *(_keys_of(part, _where(part), key_table.keys(part), _above(part)) for part in key_table.PARTS),
        _keys_of("reasons", "They stand in any map, beside what it holds.", key_table.reason_keys(), ""),
    ]
    return "\n\n".join(parts)


def _where(part: str) -> str:
    if part not in key_table.BY_NAME:
        return "They are paths from the top of a file."
    file = ", and at the top of the file of an actor" if part == "actors" else ""
    return f"They stand below a name, as in `{_NAMED[part]}`{file}."


_NAMED: Final = {
    "actors": "actors.germany",
    "network": "network.us->ukraine/military_aid",
    "missions": "missions.nato",
    "events": "events.summer_offensive",
    "claims": "claims.a_vote",
    "levers": "levers.us_backstop",
}
"""An example of each part whose keys stand below a name."""


def _above(part: str) -> str:
    return "" if part in key_table.BY_NAME else f"{part}."


def _keys_of(part: str, where: str, keys: Iterable[key_table.Key], above: str) -> str:
    head = ("key", "meaning", "unit, words", "without it", "example")
    rows = [
        (f"`{above}{key.path}`", key.means, key.holds, key.default, f"`{key.example}`" if key.example else "")
        for key in keys
    ]
    return f"### Keys of {part}\n\n{where}\n\n{table(head, rows)}"


PARTS: Final[dict[str, tuple[str, Callable[[], str]]]] = {
    "symbols": ("model.md", symbols),
    "runs": ("reference/columns.md", runs),
    "inputs": ("reference/columns.md", inputs),
    "actors": ("reference/columns.md", actors),
    "weekly": ("reference/columns.md", weekly),
    "events": ("reference/columns.md", events),
    "event_names_of_runs": ("reference/columns.md", event_names_of_runs),
    "actor_weeks": ("reference/columns.md", actor_weeks),
    "grammar": ("reference/events.md", grammar),
    "whole": ("reference/events.md", lambda: named("event", "flag", "outcome")),
    "counted": ("reference/events.md", lambda: named("number")),
    "worded": ("reference/events.md", lambda: named("word")),
    "documents": ("evidence.md", documents),
    "numbers": ("evidence.md", rest_on),
    "topics": ("evidence.md", topics),
    "records": ("reference/literature.md", records),
    "keys": ("reference/config.md", config_keys),
    "countries": ("reference/literature.md", countries),
}


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    head = list(header)
    lines = [head, ["---"] * len(head), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@cache
def _baseline() -> Scenario:
    return load("baseline")


def _columns(told: dict[str, str]) -> str:
    return table(("column", "what it holds"), [(f"`{name}`", what) for name, what in told.items()])


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _facts(row: Symbol, leaves: list[Leaf]) -> tuple[str, str]:
    """Return prior and source of one number, or of several in short."""
    if len(leaves) == 1:
        return str(leaves[0].prior), _source(leaves[0])
    if len(leaves) <= SPELT_OUT:
        return ", ".join(f"{_key(row, leaf)} {leaf.prior}" for leaf in leaves), _sources(leaves)
    lowest, highest = min(leaf.prior.low for leaf in leaves), max(leaf.prior.high for leaf in leaves)
    words = leaves[0].prior.words
    ends = f"{words[int(lowest)]} .. {words[int(highest)]}" if words else f"{lowest:g} .. {highest:g}"
    return f"{len(leaves)} numbers within {ends}", _sources(leaves)


def _shape(row: Symbol) -> re.Pattern[str]:
    return re.compile("([^.]+)".join(re.escape(part) for part in row.path.split("*")))


def _key(row: Symbol, leaf: Leaf) -> str:
    found = _shape(row).fullmatch(leaf.path)
    return f"`{'.'.join(found.groups())}`" if found else f"`{leaf.path}`"


def _source(leaf: Leaf) -> str:
    why = leaf.reasons
    cited = {
        "value from": why.because,
        "figures": why.anchor,
        "order by": why.order,
        "see": why.see,
        "against": why.against,
    }
    told = [f"{word} {_cited(claims)}" for word, claims in cited.items() if claims]
    ours = [word for word in ("assumption", "convention") if getattr(why, word)]
    return "; ".join([*told, *ours])


def _sources(leaves: list[Leaf]) -> str:
    counts = Counter(evidence_use.KINDS[evidence_use.kind(leaf.reasons)] for leaf in leaves)
    claims = {claim for leaf in leaves for key in vocabulary.CLAIM_KEYS for claim in getattr(leaf.reasons, key)}
    kinds = ", ".join(f"{count} {words}" for words, count in counts.most_common())
    return f"{kinds}; {len({leaf.inherited or leaf.path for leaf in leaves})} stated; {len(claims)} claims in all"


def _cited(claims: tuple[str, ...]) -> str:
    more = f" and {len(claims) - SHOWN} more" if len(claims) > SHOWN else ""
    return ", ".join(f"`{claim}`" for claim in claims[:SHOWN]) + more


if __name__ == "__main__":
    main()
