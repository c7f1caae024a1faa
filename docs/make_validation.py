"""Write the tables of docs/validation.md again: `python docs/make_validation.py [NAME ...]`; all take some ten minutes.

Tables stand between comments ``<!-- name -->`` and ``<!-- end -->``; the text around them is left alone. Why a pattern
does not hold stands in ``docs/reasons.yaml``, by hand.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pandas as pd
import yaml

import sim
from sim.analysis import rival_rules, sensitivity
from sim.validation import leave_out
from sim.validation import patterns as validate
from sim.validation.patterns import counts

HERE = Path(__file__).parent
RUNS = 40_000
LEFT_OUT_RUNS = 4_000
SLIGHT = 0.005
"""A difference of a share below this is next to nothing, whatever its sign."""
BASE = 4_096


def patterns() -> str:
    """Return the verdicts over all patterns, and every one that does not hold with its reason."""
    verdicts = validate.validate(sim.load("baseline"), runs=RUNS)
    table = verdicts.table
    reasons = yaml.safe_load((HERE / "reasons.yaml").read_text("utf-8"))
    slight = _slight(table)
    lines = [
        verdicts.sentence,
        "",
        f"Of those that hold, {len(slight)} do so with a sign that is sure and a size under half a point: "
        f"{', '.join(slight)}.",
        "",
        "| kind | holds | fails | not shown |",
        "|---|---|---|---|",
    ]
    for kind, of in table.groupby("kind"):
        told = counts(of)
        lines.append(f"| {kind} | {told['holds']} | {told['fails']} | {told['not_shown']} |")
    lines += ["", "| pattern | verdict | expected | found (95% run noise) | why |", "|---|---|---|---|---|"]
    for id, row in table[table["verdict"] != "holds"].sort_values("verdict", kind="stable").iterrows():
        lines.append(f"| {id} | {_said(row)} | {reasons.get(str(id), '').strip()} |")
    return "\n".join(lines)


def _slight(table: pd.DataFrame) -> list[str]:
    """Return the comparisons that hold by a difference so small that it decides nothing."""
    signed = table["expected"].isin(["rises", "falls"]) & (table["verdict"] == "holds")
    return [str(id) for id in table.index[signed & (table["effect"].abs() < SLIGHT)]]


def left_out() -> str:
    """Return how patterns fare on inputs rebuilt without their document."""
    lines = [
        "| left out | inputs spread | its patterns | hold: with it | hold: without | fail: with it | fail: without "
        "| European force without it (95% run noise) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    turned: list[str] = []
    whole = sim.load("baseline")
    for document in leave_out.documents():
        result = leave_out.leave_out(whole, document, LEFT_OUT_RUNS)
        before, after = result.before.table, result.after.table
        told, then = counts(before), counts(after)
        found = sim.run(leave_out.without(whole, document), LEFT_OUT_RUNS).share("european")
        share = f"{found.probability:.1%} ({found.low:.1%} to {found.high:.1%})"
        verdicts = f"{told['holds']} | {then['holds']} | {told['fails']} | {then['fails']}"
        lines.append(f"| {document} | {result.spread} | {len(after)} | {verdicts} | {share} |")
        for id in after.index[after["verdict"] != before["verdict"]]:
            turned.append(f"| {id} | {document} | {before['verdict'][id].replace('_', ' ')} | {_said(after.loc[id])} |")
    head = ["", "Patterns whose verdict turns:", "", "| pattern | left out | with it | without it | expected | found |"]
    return "\n".join([*lines, *head, "|---|---|---|---|---|---|", *turned])


def shares() -> str:
    """Return where the variance of the headline comes from."""
    result = sensitivity.shares_of_variance(sim.load("baseline"), BASE)
    lines = ["| from | share alone (95%) | share with all it acts with (95%) |", "|---|---|---|"]
    for name, row in result.table.iterrows():
        alone = f"{row['first']:.0%} ({row['first_low']:.0%} to {row['first_high']:.0%})"
        total = (
            f"{row['total']:.0%} ({row['total_low']:.0%} to {row['total_high']:.0%})" if pd.notna(row["total"]) else ""
        )
        lines.append(f"| {name} | {alone} | {total} |")
    return "\n".join(lines)


def structures() -> str:
    """Return the headline under each rival rule."""
    lines = [
        "| rules | European force (95% run noise) | difference (95%, paired) | first two blockers |",
        "|---|---|---|---|",
    ]
    for name, row in rival_rules.structures(sim.load("baseline"), 20_000).table.iterrows():
        share = f"{row['probability']:.1%} ({row['low']:.1%} to {row['high']:.1%})"
        gap = f"{row['difference']:+.1%} ({row['difference_low']:+.1%} to {row['difference_high']:+.1%})"
        told = share, "" if name == "as_configured" else gap, row["blockers"].replace(",", ", ")
        lines.append(f"| {name}: {row['says']} | {' | '.join(told)} |")
    return "\n".join(lines)


def main() -> None:
    """Write every table of the page again."""
    page = HERE / "validation.md"
    text = page.read_text("utf-8")
    made_by = {"structures": structures, "shares": shares, "patterns": patterns, "left_out": left_out}
    for name, made in made_by.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        block = f"<!-- {name} -->\n{made()}\n<!-- end -->"
        text, found = re.subn(rf"<!-- {name} -->.*?<!-- end -->", lambda _, block=block: block, text, flags=re.S)
        if found != 1:
            raise SystemExit(f"{page} has no place for {name}")
        page.write_text(text, "utf-8")


def _said(row: pd.Series) -> str:
    found = "too few runs" if pd.isna(row["low"]) else f"{row['effect']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
    return f"{row['verdict'].replace('_', ' ')} | {row['expected']} | {found}"


if __name__ == "__main__":
    main()
