"""Write the tables of mechanisms and properties into the docs: ``python -m tests.verification.report [mechanisms|properties]``."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.verification.mechanisms import MECHANISMS, Mechanism
from tests.verification.seen import Effect, effect, runs

DOCS = Path(__file__).parents[2] / "docs"
_HEAD = """# Mechanisms

What the documents say is at work, each held against the model by `tests/verification/test_mechanisms.py`: the mechanism is
taken away (or set to the alternative named) under the same luck, and its own quantity has to move as stated. **These signs
are imposed by the rules, not found by the model.** Numbers in the first column are those of the list in the issue "The main
job". The situation in which both arms are compared is often made extreme so that the mechanism has something to act on; it is in
`tests/verification/mechanisms.py`. Effects are those of the mechanism's presence, with the 95% interval of the paired difference
(run noise). Written by `python -m tests.verification.report mechanisms`.

| # | mechanism | config path | quantity | sign | effect | 95% interval | runs |
|---|---|---|---|---|---|---|---|
"""


def plain_row(mechanism: Mechanism) -> tuple[str, ...]:
    """Return what of a row does not depend on luck."""
    path = mechanism.paths.replace("|", "\\|")
    return (str(mechanism.number), mechanism.says, f"`{path}`", mechanism.measured, mechanism.sign)


def rows_without_effects(text: str) -> list[tuple[str, ...]]:
    """Return the rows of a written table, without effects."""
    lines = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| #")]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")[:5]) for line in lines]


def measured(mechanism: Mechanism) -> Effect:
    """Return the effect of a mechanism's presence on its quantity."""
    present = runs(mechanism.scenario, mechanism.situation, mechanism.runs)
    without = runs(mechanism.scenario, {**mechanism.situation, **mechanism.taken_away}, mechanism.runs)
    return effect(mechanism.quantity, without, present)


def mechanisms() -> None:
    """Measure every mechanism and write ``docs/mechanisms.md``; say on standard error which do not go as stated."""
    lines = []
    for mechanism in sorted(MECHANISMS, key=lambda each: each.number):
        found = measured(mechanism)
        if not found.goes(mechanism.sign):
            print(f"NOT AS STATED {mechanism.number} {mechanism.says}: {found}", file=sys.stderr)
        effects = (f"{found.difference:+.3g}", f"{found.low:+.3g} to {found.high:+.3g}", str(mechanism.runs))
        lines.append("| " + " | ".join((*plain_row(mechanism), *effects)) + " |")
        print(lines[-1], flush=True)
    (DOCS / "mechanisms.md").write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    mechanisms()
