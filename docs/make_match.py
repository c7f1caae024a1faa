"""Write the numbers and pictures of ``docs/how-to/match.md`` anew: ``python docs/make_match.py [--draws N]``.

It takes some minutes on two cores; nothing else on that page comes from a run.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import sim
from sim import plots
from sim.analysis import matching
from sim.ensemble.match_result import Match
from sim.plots.style import closed

HERE = Path(__file__).parent
PAGE, IMAGES = HERE / "how-to" / "match.md", HERE / "images"
BEGIN, END = "<!-- match: written by docs/make_match.py -->", "<!-- end of match -->"


def main() -> None:
    """Match the baseline, and write its tables into the page and its pictures beside the others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=matching.DRAWS)
    parser.add_argument("--luck", type=int, default=matching.LUCK)
    parser.add_argument("--keep", type=int, default=matching.KEEP)
    parser.add_argument("--runs", type=int, default=matching.RUNS)
    asked = parser.parse_args()
    sizes = {"draws": asked.draws, "luck": asked.luck, "keep": asked.keep, "runs": asked.runs}
    result = sim.match(sim.load("baseline"), **sizes)
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{tables(result)}\n{END}{after}", encoding="utf-8")
    for name in ("targets", "learning", "optical_depth", "plausible_forecast"):
        figure = closed(getattr(plots, name)(result))
        figure.savefig(IMAGES / f"match_{name}.png", dpi=110, metadata={"Software": None})


def tables(result: Match) -> str:
    """Return the sentence of a match and its tables, as Markdown."""
    pieces = (
        _targets(result),
        _waves(result),
        _rounds(result),
        _learning(result),
        _conflicts(result),
        _forecast(result),
    )
    return "\n\n".join((result.sentence, *filter(None, pieces)))


def _targets(result: Match) -> str:
    rows = [
        (f"`{id}`", f"{row['low']:.2g}, {row['likely']:.2g}, {row['high']:.2g}", f"{row['model']:.2g}",
         f"{row['off']:.1f}",
         f"{row['survives']:.0%} ({row['survives_low']:.0%} to {row['survives_high']:.0%})", f"{row['noise']:.0%}")
        for id, row in result.table.iterrows()
    ]  # fmt: skip
    return _table(("target", "published", "model", "sd off", "draws it leaves (95%)", "run noise"), rows)


def _waves(result: Match) -> str:
    rows = [
        (str(wave), f"{row['draws']:,.0f}", f"{row['runs']:,.0f}", f"{row['left']:,.0f}",
         f"{row['share']:.0%} ({row['low']:.0%} to {row['high']:.0%})")
        for wave, row in result.waves.iterrows()
    ]  # fmt: skip
    return _table(("wave", "draws", "runs of each", "left", "of all (95%)"), rows)


def _rounds(result: Match) -> str:
    rows = [
        (str(number), f"{row['draws']:,.0f}", f"{row['left']:,.0f}",
         f"{row['share']:.0%} ({row['low']:.0%} to {row['high']:.0%})")
        for number, row in result.rounds.iterrows()
    ]  # fmt: skip
    held = ", ".join(f"`{path}` {row['least']:.3g} to {row['most']:.3g}" for path, row in result.ranges.iterrows())
    head = ("drawn anew, round", f"draws, with {held}" if held else "draws", "left", "of these (95%)")
    return _table(head, rows) if rows else ""


def _conflicts(result: Match) -> str:
    fights = result.conflicts[(result.conflicts["lift"] < 1.0) & result.conflicts["beyond_noise"]]
    rows = [
        (f"`{row['target']}`", f"`{row['given']}`", f"{row['share']:.0%} ({row['low']:.0%} to {row['high']:.0%})",
         f"{row['alone']:.0%}")
        for _, row in fights.head(3).iterrows()
    ]  # fmt: skip
    return _table(("fewer pass", "among those that pass", "share (95%)", "of all"), rows) if rows else ""


def _learning(result: Match) -> str:
    rows = [
        (f"`{path}`", f"{row['distance']:.2f}", f"{row['noise']:.2f}",
         *(f"{row[f'median_{when}']:.3g} ({row[f'low_{when}']:.3g} to {row[f'high_{when}']:.3g})"
           for when in ("before", "after")))
        for path, row in result.learnt.head(5).iterrows()
    ]  # fmt: skip
    return _table(("input, the five most learnt", "distance", "noise", "before (8 of 10)", "after"), rows)


def _forecast(result: Match) -> str:
    rows = [
        (event, f"{row['all_inputs']:.1%} ({row['all_low']:.1%} to {row['all_high']:.1%})",
         f"{row['plausible']:.1%} ({row['plausible_low']:.1%} to {row['plausible_high']:.1%})",
         f"{row['difference'] * 100:+.1f} ({row['difference_low'] * 100:+.1f} to {row['difference_high'] * 100:+.1f})")
        for event, row in result.forecast.iterrows()
    ]  # fmt: skip
    return _table(("event", "all inputs (95%)", "plausible inputs (95%)", "points (95%)"), rows)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = (head, tuple("---" for _ in head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
