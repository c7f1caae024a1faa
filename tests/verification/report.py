"""Write the tables of mechanisms, properties and sensitivity into the docs.

``python -m tests.verification.report mechanisms``; ``... properties RUNS``; ``... edges``; ``... foresight RUNS``;
``... findings RUNS``; ``... sensitivity ENSEMBLE``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from pandas import Series

from sim.analysis.movers import movers
from sim.ensemble import open_ensemble
from sim.scenario.loading import load
from sim.vocabulary import INCENTIVES, INFLUENCES
from tests.verification import findings as findings_module
from tests.verification.mechanisms import MECHANISMS, Mechanism
from tests.verification.properties import BASE, PROPERTIES, Arm, Claim, came, difference, ensemble, frozen, measured
from tests.verification.reliability import calibration
from tests.verification.seen import Effect, effect, runs

DOCS = Path(__file__).parents[2] / "docs"
FIRST_EDITION = Path(__file__).parent / "first_edition.json"
CHANNELS = (*INCENTIVES, *INFLUENCES)
HEADLINE_RUNS = 4_096
NEGLIGIBLE = 0.005
_MECHANISMS = """# Mechanisms

What the documents say is at work, each held against the model by `tests/verification/test_mechanisms.py`: the
mechanism is taken away (or set to the alternative named) under the same luck, and its own quantity has to move as
stated; where the sign is 0 it must not move, because the condition it stands for is met. **These signs are imposed by
the rules, not found by the model.** Numbers in the first column are those of the list of mechanisms that the documents
describe. The situation in which both arms are compared is often made extreme so that the mechanism has something to act
on; it is in `tests/verification/mechanisms.py`. Effects are those of the mechanism's presence, with the 95% interval of
the paired difference (run noise).

The last two columns take the mechanism away **in the baseline**, nothing else changed: by how many points its presence
moves a European force, the headline ({base.probability:.1%} of {runs:,} runs; 95%: {base.low:.1%} to {base.high:.1%}),
and a ceasefire, each with half the width of its interval. An effect on the headline of under half a point is marked
*negligible*: with a force this rare most mechanisms are, one by one. Written by
`python -m tests.verification.report mechanisms`.

| # | mechanism | config path | quantity | sign | effect | 95% interval | runs | European force | ceasefire |
|---|---|---|---|---|---|---|---|---|---|
"""
_PROPERTIES = """\
What any set of rules must keep, measured at full size. **These properties are imposed on the model; they are not
findings.** A claim holds if the whole 95% interval of the paired difference (run noise) lies on its side of the bound.
The claims are in `tests/verification/properties.py`; those that do not hold are said so, with the reason, and no number
was changed for their sake.

| property | claim | mean | 95% interval | side | holds | runs |
|---|---|---|---|---|---|---|
"""
_EDGES = """\
How much leaning on one another over the network does in the baseline: all edges at strength 0 (gates stay as they are),
then those of one channel, in points, with half the width of the 95% interval, {runs:,} paired runs each.

| edges off | edges | ceasefire | any deployment | European force |
|---|---|---|---|---|
"""
_FORESIGHT = """\
Belligerents price the force that would follow a truce by a chance that all read from public facts. Of truces signed
with a mission on the table and no force in the field, in the first year of {runs:,} runs of the baseline, this is the
chance foreseen at the signing beside the share in which a force formed within 26 weeks (95% interval, Wilson), over all
and in fifths by the chance foreseen. A base and two weights were fitted so that the two agree; that they do is no
evidence for the model.

| signings | number | foreseen | formed | 95% interval |
|---|---|---|---|---|
"""
_FINDINGS = """\
The same experiments in the first edition of the theory (commit `d72bd5d`, {before:,} runs an arm) and in this one
({runs:,} runs an arm), with 95% intervals of run noise; shares are out of 1. Rows that say *without*, *not*, *fully* or
*twice* are paired differences, the rest shares or means. The ladder forces each rung for the whole
year. Terms under a bare truce are those on record: in the first edition those with the mission on the table, in this
one those of the bare deal.

| finding | quantity | first edition | second edition |
|---|---|---|---|
"""
_SENSITIVITY = """# Which numbers move the headline most

Share of runs with a European force (and with any deployment) where a number lies in its lowest and in its highest
tenth, within one ensemble of {runs:,} runs of `{scenario}`, seed {seed}. With {numbers} uncertain numbers compared, the
largest of differences of pure noise would stay below {noise:.1f} points in 95 of 100 ensembles: smaller ones mean
nothing. Choices are compared at their lowest and highest word. Written by
`python -m tests.verification.report sensitivity`.

| number | rests on | European, low | high | difference (points) | any deployment (points) |
|---|---|---|---|---|---|
"""


def plain_row(mechanism: Mechanism) -> tuple[str, ...]:
    """Return what of a row does not depend on luck."""
    path = mechanism.paths.replace("|", "\\|")
    return (str(mechanism.number), mechanism.says, f"`{path}`", mechanism.measured, mechanism.sign)


def in_baseline(mechanism: Mechanism) -> tuple[str, str]:
    """Return by how much a mechanism's presence moves a European force and a ceasefire in the baseline, in points."""
    taken = mechanism.taken_away if mechanism.in_baseline is None else mechanism.in_baseline
    without = Arm("baseline", tuple((path, frozen(value)) for path, value in taken.items()))
    cells = []
    for what in ("european", "ceasefire"):
        each = measured(Claim("", difference(came(what), without, BASE), "?"), HEADLINE_RUNS)
        cells.append(f"{100 * each.mean:+.1f} ± {50 * (each.high - each.low):.1f}")
        if what == "european" and abs(each.mean) < NEGLIGIBLE:
            cells[-1] += ", negligible"
    return cells[0], cells[1]


def rows_without_effects(text: str) -> list[tuple[str, ...]]:
    """Return the rows of a written table, without effects."""
    lines = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| #")]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")[:5]) for line in lines]


def weighed(mechanism: Mechanism) -> Effect:
    """Return the effect of a mechanism's presence on its quantity."""
    present = runs(mechanism.scenario, mechanism.situation, mechanism.runs)
    without = runs(mechanism.scenario, {**mechanism.situation, **mechanism.taken_away}, mechanism.runs)
    return effect(mechanism.quantity, without, present)


def mechanisms() -> None:
    """Measure every mechanism and write ``docs/mechanisms.md``; say on standard error which do not go as stated."""
    lines = []
    for mechanism in sorted(MECHANISMS, key=lambda each: each.number):
        found = weighed(mechanism)
        if not found.goes(mechanism.sign):
            print(f"NOT AS STATED {mechanism.number} {mechanism.says}: {found}", file=sys.stderr)
        effects = (f"{found.difference:+.3g}", f"{found.low:+.3g} to {found.high:+.3g}", str(mechanism.runs))
        lines.append("| " + " | ".join((*plain_row(mechanism), *effects, *in_baseline(mechanism))) + " |")
        print(lines[-1], flush=True)
    about = _MECHANISMS.format(base=ensemble(BASE, HEADLINE_RUNS).share("european"), runs=HEADLINE_RUNS)
    (DOCS / "mechanisms.md").write_text(about + "\n".join(lines) + "\n", encoding="utf-8")


def properties(count: int) -> None:
    """Measure every property with ``count`` runs an arm and renew their section of ``docs/verification.md``."""
    lines = []
    for each in PROPERTIES:
        for claim in each.claims:
            found = measured(claim, count * each.times)
            side = {"+": f"above {claim.bound:g}", "-": f"below {claim.bound:g}"}.get(claim.side, "none asked")
            interval = f"{found.low:+.4f} to {found.high:+.4f}"
            holds = "reported" if claim.side == "?" else "yes" if found.holds else f"**no**{_reason(claim)}"
            size = f"{count * each.times:,}"
            lines.append(f"| {each.says} | {claim.says} | {found.mean:+.4f} | {interval} | {side} | {holds} | {size} |")
            print(lines[-1], flush=True)
    renew("Properties", _PROPERTIES + "\n".join(lines), f"properties {count}")


def _reason(claim: Claim) -> str:
    return f": {claim.fails}" if claim.fails else ""


def renew(title: str, text: str, asked: str) -> None:
    """Put a section of ``docs/verification.md`` in the place of the one with its title, or at the end."""
    page = DOCS / "verification.md"
    head, *sections = page.read_text(encoding="utf-8").split("\n## ")
    section = f"{title}\n\n{text}\n\nWritten by `python -m tests.verification.report {asked}`.\n"
    at = [each.partition("\n")[0] for each in sections]
    where = at.index(title) if title in at else len(sections)
    sections[where : where + 1] = [section]
    page.write_text("\n## ".join((head, *sections)), encoding="utf-8")


def edges() -> None:
    """Write what moves without edges, channel by channel and all of them, into ``docs/verification.md``."""
    rows = [("all edges", ""), *((f"`{channel}`", f"/{channel}.strength") for channel in CHANNELS)]
    lines = []
    for name, end in rows:
        paths = [path for path in load("baseline").leaves if path.startswith("network.") and path.endswith(end)]
        off = Arm("baseline", tuple((path, 0) for path in paths if path.endswith(".strength")))
        cells = (_points(difference(came(what), BASE, off)) for what in ("ceasefire", "deployed", "european"))
        lines.append("| " + " | ".join((name, str(len(off.changes)), *cells)) + " |")
        print(lines[-1], flush=True)
    renew("Edges off", _EDGES.format(runs=HEADLINE_RUNS) + "\n".join(lines), "edges")


def _points(value: Callable[[int], Series]) -> str:
    each = measured(Claim("", value, "?"), HEADLINE_RUNS)
    return f"{100 * each.mean:+.1f} ± {50 * (each.high - each.low):.1f}"


def foresight(count: int) -> None:
    """Write the reliability of foresight over ``count`` runs into ``docs/verification.md``."""
    held = calibration(count)
    names = ("all", *(f"fifth {at}" for at in range(1, len(held.bins) + 1)))
    lines = [
        f"| {name} | {each.signings:,} | {each.foreseen:.1%} | {each.formed:.1%} | {each.low:.1%} to {each.high:.1%} |"
        for name, each in zip(names, (held.all, *held.bins), strict=True)
    ]
    print("\n".join(lines))
    renew("Reliability of foresight", _FORESIGHT.format(runs=count) + "\n".join(lines), f"foresight {count}")


def findings(count: int) -> None:
    """Write what was found in the first edition, before and after, into ``docs/verification.md``."""
    before, after = json.loads(FIRST_EDITION.read_text(encoding="utf-8")), findings_module.figures(count)
    lines = []
    for name, figure in after.items():
        finding, _, says = name.partition(": ")
        first = _cell(findings_module.Figure(*before[name])) if name in before else "not there"
        lines.append(f"| {finding} | {says} | {first} | {_cell(figure)} |")
        print(lines[-1], flush=True)
    old = {name: findings_module.Figure(*before[name]) for name in before}
    text = _FINDINGS.format(runs=count, before=findings_module.RUNS) + "\n".join(lines)
    text += (
        f"\n\nOver the rules as configured and the rivals, a European force comes about in {_width(old)} in the first\n"
    )
    text += f"edition and in {_width(after)} in the second."
    renew("What was found in the first edition, before and after", text, f"findings {count}")


def _width(figures: dict[str, findings_module.Figure]) -> str:
    """Return the lowest and the highest share of a European force over the rival rules, each named."""
    rivals = {
        name.rpartition(", ")[2]: each.mean for name, each in figures.items() if name.startswith("The theory width")
    }
    shares = {"as configured": figures["Answer: European force"].mean} | rivals
    low, high = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
    return f"{shares[low]:.1%} ({low}) to {shares[high]:.1%} ({high})"


def _cell(figure: findings_module.Figure) -> str:
    if abs(figure.mean) > 10.0:
        return f"{figure.mean:,.0f} ({figure.low:,.0f} to {figure.high:,.0f})"
    return f"{figure.mean:.3f} ({figure.low:.3f} to {figure.high:.3f})"


def sensitivity(folder: str, top: int = 15) -> None:
    """Write ``docs/sensitivity.md`` from an ensemble of 20,000 runs or more."""
    from sim.scenario.evidence_use import kind

    ensemble = open_ensemble(folder)
    leaves = load(ensemble.manifest["scenario"]).leaves
    european, deployed = (movers(ensemble, what, list(leaves)).table for what in ("european", "deployed"))
    about = {
        "runs": len(ensemble),
        "scenario": ensemble.manifest["scenario"],
        "seed": ensemble.manifest["seed"],
        "numbers": len(european),
        "noise": 100.0 * european["noise"].median(),
    }
    lines = [
        f"| `{name}` | {kind(leaves[name].reasons).replace('_', ' ')} | {row['low']:.1%} | {row['high']:.1%} "
        f"| {100 * row['difference']:+.1f} | {100 * deployed.loc[name, 'difference']:+.1f} |"
        for name, row in european.head(top).iterrows()
    ]
    (DOCS / "sensitivity.md").write_text(_SENSITIVITY.format(**about) + "\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    asked, *rest = sys.argv[1:]
    count = int(rest[0]) if rest and rest[0].isdigit() else findings_module.RUNS
    if asked == "mechanisms":
        mechanisms()
    elif asked == "edges":
        edges()
    elif asked == "sensitivity":
        sensitivity(rest[0])
    else:
        {"properties": properties, "foresight": foresight, "findings": findings}[asked](count)
