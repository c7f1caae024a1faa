"""Write the tables of mechanisms, properties and sensitivity into the docs.

``python -m tests.verification.report mechanisms``; ``... properties RUNS``; ``... sensitivity ENSEMBLE``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sim.analysis.movers import movers
from sim.ensemble import open_ensemble
from tests.verification.mechanisms import MECHANISMS, Mechanism
from tests.verification.properties import PROPERTIES, measured
from tests.verification.seen import Effect, effect, runs

DOCS = Path(__file__).parents[2] / "docs"
_MECHANISMS = """# Mechanisms

What the documents say is at work, each held against the model by `tests/verification/test_mechanisms.py`: the
mechanism is taken away (or set to the alternative named) under the same luck, and its own quantity has to move as
stated. **These signs are imposed by the rules, not found by the model.** Numbers in the first column are those of the
list of mechanisms that the documents describe. The situation in which both arms are compared is often made extreme so
that the mechanism has something to act on; it is in `tests/verification/mechanisms.py`. Effects are those of the
mechanism's presence, with the 95% interval of the paired difference (run noise). Effects of a few thousandths (threats,
aid fatigue, parliaments) are at work but negligible in the baseline. Written by
`python -m tests.verification.report mechanisms`.

| # | mechanism | config path | quantity | sign | effect | 95% interval | runs |
|---|---|---|---|---|---|---|---|
"""
_PROPERTIES = """# Verification

Properties that any set of rules must keep, measured at full size. **They are imposed on the model; they are not
findings.** A claim holds if the whole 95% interval of the paired difference (run noise) lies on its side of the bound.
Written by
`python -m tests.verification.report properties {runs}`; the claims are in `tests/verification/properties.py`.

| property | claim | mean | 95% interval | side | holds | runs |
|---|---|---|---|---|---|---|
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
        lines.append("| " + " | ".join((*plain_row(mechanism), *effects)) + " |")
        print(lines[-1], flush=True)
    (DOCS / "mechanisms.md").write_text(_MECHANISMS + "\n".join(lines) + "\n", encoding="utf-8")


def properties(count: int) -> None:
    """Measure every property with ``count`` runs an arm and write ``docs/verification.md``."""
    lines = []
    for each in PROPERTIES:
        for claim in each.claims:
            found = measured(claim, count * each.times)
            side = {"+": f"above {claim.bound:g}", "-": f"below {claim.bound:g}"}.get(claim.side, "none asked")
            interval = f"{found.low:+.4f} to {found.high:+.4f}"
            holds = "reported" if claim.side == "?" else "yes" if found.holds else "**no**"
            size = f"{count * each.times:,}"
            lines.append(f"| {each.says} | {claim.says} | {found.mean:+.4f} | {interval} | {side} | {holds} | {size} |")
            print(lines[-1], flush=True)
    (DOCS / "verification.md").write_text(_PROPERTIES.format(runs=count) + "\n".join(lines) + "\n", encoding="utf-8")


def sensitivity(folder: str, top: int = 15) -> None:
    """Write ``docs/sensitivity.md`` from an ensemble of 20,000 runs or more."""
    from sim.scenario.evidence_use import kind
    from sim.scenario.loading import load

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
    if asked == "mechanisms":
        mechanisms()
    elif asked == "properties":
        properties(int(rest[0]))
    else:
        sensitivity(rest[0])
