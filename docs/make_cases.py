"""Write the results of docs/cases.md again: `python docs/make_cases.py [--runs N]`; some two minutes on two cores.

They stand between comments ``<!-- name -->`` and ``<!-- end -->``: the scores, the table of cases, and the gallery,
half a page a case. The rules and what is made of the results are written by hand.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

import sim
from sim import vocabulary
from sim.ensemble.likelihood_words import likelihood
from sim.validation.case_runs import FORCE, CaseForecast, converted
from sim.validation.case_scores import GATE_WORDS, CaseScores
from sim.validation.cases import RUNS

OPEN_RUNS = 1_000
PAGE = Path(__file__).parent / "cases.md"


def main() -> None:
    """Play the cases of ``seeds/cases``, and write what comes out into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    scores = sim.cases(runs=parser.parse_args().runs)
    text = PAGE.read_text("utf-8")
    for name, part in {
        "verdict": scores.sentence,
        "scores": tables(scores),
        "gates": gates(scores),
        "gallery": gallery(scores.forecasts),
    }.items():
        text = replaced(text, name, part)
    PAGE.write_text(text, "utf-8")


def replaced(text: str, name: str, part: str) -> str:
    """Return a page with what stands between the comments of a name replaced."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not pattern.search(text):
        raise SystemExit(f"{PAGE}: no <!-- {name} --> ... <!-- end -->")
    return pattern.sub(lambda match: f"{match[1]}{part}\n{match[2]}", text)


def tables(scores: CaseScores) -> str:
    """Return the cases, the scores and the reliability as tables."""
    return "\n\n".join((cases_table(scores.cases), scores_table(scores.table), bins_table(scores.bins), area(scores)))


def cases_table(cases: pd.DataFrame) -> str:
    """Return a line a case: what the engine says, and what came."""
    lines = [
        "| case | a force: likelihood (run noise) | over inputs | over rules | came | most often missing "
        "| kind says, came | size says, came |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, row in cases.iterrows():
        size = " / ".join(f"{row[part]:,.0f}" if pd.notna(row[part]) else "-" for part in ("troops", "troops_came"))
        lines.append(
            f"| `{name}` | {row['probability']:.1%} ({span(row, 'run_noise')}) | {span(row, 'inputs')} | "
            f"{span(row, 'theory')} | {'yes' if row['formed'] else 'no'} | {gate(str(row['blocker']))} | "
            f"{row['kind']}, {row['kind_came']} | {size} |"
        )
    return "\n".join(lines)


def scores_table(table: pd.DataFrame) -> str:
    """Return a line for the engine, each yardstick and each rival."""
    lines = [
        "| forecast | Brier (95% over cases) | by how much the engine's is lower (95%) | log | area |",
        "|---|---|---|---|---|",
    ]
    for name, row in table.iterrows():
        own = f" ({row['brier_low']:.2f} to {row['brier_high']:.2f})" if pd.notna(row["brier_low"]) else ""
        gain = f"{row['gain']:+.3f} ({row['gain_low']:+.2f} to {row['gain_high']:+.2f})" if own else ""
        area = f"{row['auc']:.2f}" if pd.notna(row["auc"]) else ""
        lines.append(f"| `{name}` | {row['brier']:.3f}{own} | {gain} | {row['log']:.3f} | {area} |")
    return "\n".join(lines)


def bins_table(bins: pd.DataFrame) -> str:
    """Return the reliability in three bins."""
    lines = ["| forecast | cases | mean forecast | a force formed (95%) |", "|---|---|---|---|"]
    for _, row in bins.iterrows():
        share = f"{row['formed']:.0%} ({row['formed_low']:.0%} to {row['formed_high']:.0%})" if row["cases"] else "-"
        mean = f"{row['mean_forecast']:.0%}" if row["cases"] else "-"
        lines.append(f"| {row['from']:.0%} to {row['to']:.0%} | {row['cases']:.0f} | {mean} | {share} |")
    return "\n".join(lines)


def area(scores: CaseScores) -> str:
    """Return the area under the curve, and what chance would give."""
    return (
        f"Area under the curve {scores.auc:.2f}; with outcomes shuffled it lies between {scores.auc_low:.2f} and "
        f"{scores.auc_high:.2f} in 95 of 100, and is as high in {scores.auc_p:.0%}."
    )


def span(row: pd.Series, name: str) -> str:
    """Return an interval in percent, or a dash."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{low:.0%} to {high:.0%}" if pd.notna(low) else "-"


def gates(scores: CaseScores) -> str:
    """Return how likely a force is in each case with requirements held open, and how well that would be scored."""
    cases = [each.coded for each in scores.forecasts]
    came = [bool(each.outcome and each.outcome.force_formed_within_52w) for each in cases]
    theatres = converted(cases)
    heads = [each.case.id.rpartition("_")[0] for each in cases]
    lines = [f"| held open | {' | '.join(heads)} | Brier |", "|---" * (len(heads) + 2) + "|"]
    for relaxed in ((), *((name,) for name in vocabulary.GATES), ("truce", "troops")):
        says = [float(sim.run(each, OPEN_RUNS, relaxed=relaxed).happened(FORCE).mean()) for each in theatres]
        error = sum((one - formed) ** 2 for one, formed in zip(says, came, strict=True)) / len(says)
        what = " and ".join(map(gate, relaxed)) or "nothing"
        lines.append(f"| {what} | {' | '.join(f'{one:.0%}' for one in says)} | {error:.3f} |")
    return "\n".join(lines)


def gate(name: str) -> str:
    """Return a requirement in words."""
    return GATE_WORDS.get(name, name)


def gallery(forecasts: Iterable[CaseForecast]) -> str:
    """Return half a page a case."""
    return "\n\n".join(picture(each) for each in forecasts)


def picture(each: CaseForecast) -> str:
    """Return one case: the question, the answer, what happened, and what blocked or helped."""
    case, came = each.coded.case, each.coded.outcome
    lines = [f"### {case.title}", "", f"`{case.id}`, as of {case.reference_date}. {sentence(case.conflict)}", ""]
    asked = f"Does a foreign force form for {case.host} within a year? {sentence(case.date_basis or '')}"
    lines += [f"*Question.* {asked}", ""]
    lines += [f"*Answer.* {answer(each)}", ""]
    if came is not None:
        lines += [f"*What happened.* {happened(each)}", ""]
    return "\n".join([*lines, f"*What blocked or helped.* {blocked(each)}"])


def answer(each: CaseForecast) -> str:
    """Return what the engine says of a case, in words and numbers."""
    share = each.force
    words = f"{likelihood(share.probability).capitalize()} ({share.probability:.1%} of {share.of:,} runs"
    words += f"; {each.inputs[0]:.0%} to {each.inputs[1]:.0%} over inputs" if each.inputs else ""
    words += f"; {each.theory[0]:.0%} to {each.theory[1]:.0%} over rival rules)." if each.theory else ")."
    kinds = ", ".join(f"{kind} {count / share.of:.1%}" for kind, count in each.kinds.items() if count)
    size = f", {each.troops:,.0f} strong at the median" if each.troops is not None else ""
    return f"{words} By first kind: {kinds or 'none'}{size}. A truce holds or begins in {each.ceasefire:.0%}."


def happened(each: CaseForecast) -> str:
    """Return what came of a case."""
    came = each.coded.outcome
    if came is None:
        return ""
    force = f"A force formed in week {came.force_week}: {came.kind}, {came.troops:,.0f} strong" if came.troops else ""
    parts = map(sentence, (force or "None formed", came.note or "", came.later or ""))
    return " ".join(filter(None, parts))


def blocked(each: CaseForecast) -> str:
    """Return what runs without a force most often lacked, and under which rules the answer differs most."""
    missing = ", ".join(f"{gate(name)} {share:.0%}" for name, share in list(each.missing.items())[:4])
    text = f"Runs without a force lacked, most often: {missing}."
    others = {name: share.probability for name, share in each.rivals.items() if name != "as_configured"}
    if others:
        low, high = min(others, key=lambda name: others[name]), max(others, key=lambda name: others[name])
        text += f" Least under `{low}` ({others[low]:.1%}), most under `{high}` ({others[high]:.1%})."
    return text


def sentence(text: str) -> str:
    """Return a text that ends in a full stop; empty if it is."""
    return f"{text.rstrip('.')}." if text else ""


if __name__ == "__main__":
    main()
