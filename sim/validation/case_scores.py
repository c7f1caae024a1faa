"""Score what the engine says of cases against what came, beside yardsticks that know far less, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.rival_rules import OWN
from sim.ensemble.results import Result
from sim.ensemble.shares import share
from sim.validation.case_runs import CaseForecast
from sim.validation.case_yardsticks import YARDSTICKS, yardsticks
from sim.validation.scoring import ends, resampled_means

Floats = NDArray[np.float64]

ENGINE = "engine"
GATE_WORDS = {
    "truce": "a ceasefire",
    "host_consent": "the host's consent",
    "russian_consent": "the opponents' consent",
    "council": "a Council mandate",
    "backstop": "the broker's help",
    "lead": "a lead",
    "troops": "enough troops",
    "ratification": "ratification at home",
}
"""Requirements in words that hold in any theatre."""
BINS = ((0.0, 1 / 3), (1 / 3, 2 / 3), (2 / 3, 1.0))
RESAMPLES, PERMUTATIONS = 10_000, 10_000


@dataclass(frozen=True, eq=False, repr=False)
class CaseScores(Result):
    """Scores over cases whose outcome is known; where these are fewer than two, ``table`` and ``bins`` are empty.

    ``table`` has a row for the engine, for each yardstick and for each rival set of rules: ``says``, ``brier`` and
    ``log`` (means, lower is better), the 95% interval of the Brier score over cases ``brier_low`` to ``brier_high``
    (bootstrap), ``gain``, by how much the engine's Brier score is lower, with its interval ``gain_low`` to
    ``gain_high``, and ``auc``. ``cases`` has a row a case, ``bins`` the reliability in three bins. ``auc_low`` to
    ``auc_high`` is where the area would lie 95 times in 100 if forecasts had nothing to do with outcomes,
    ``auc_p`` how often it would then be as high. ``forecasts`` are what the engine says, case by case.
    """

    cases: pd.DataFrame
    bins: pd.DataFrame
    runs: int
    seed: int
    scored: int
    formed: int
    auc: float
    auc_low: float
    auc_high: float
    auc_p: float
    no_better_than: tuple[str, ...]
    forecasts: tuple[CaseForecast, ...] = field(repr=False)

    def facts(self) -> dict[str, object]:
        """Return every field that is neither a table nor the forecasts themselves."""
        return {name: value for name, value in super().facts().items() if name != "forecasts"}


def score(forecasts: Sequence[CaseForecast], runs: int, seed: int = 1) -> CaseScores:
    """Return the scores of forecasts, each of ``runs`` runs."""
    known = [each for each in forecasts if each.coded.outcome is not None]
    if len(known) < 2:
        return _unscored(forecasts, runs, seed)
    came = np.array([_came(each) for each in known], dtype=np.float64)
    says = {ENGINE: np.array([each.probability for each in known]), **yardsticks(known, came)}
    rows = {name: _row(values, came) for name, values in says.items()}
    rows["base_rate"]["auc"] = float("nan")  # lower for a case with a force, as the case itself is left out
    table = _with_intervals(pd.DataFrame.from_dict(rows, orient="index"), says, came, seed)
    table.insert(0, "says", [{ENGINE: "the rules as configured", **YARDSTICKS}[name] for name in table.index])
    table = pd.concat([table, _rivals(known, came)]).rename_axis("forecast")
    beaten = table.loc[list(YARDSTICKS), "brier"] <= table.loc[ENGINE, "brier"]
    no_better = tuple(str(name) for name in beaten.index[beaten])
    area = auc(says[ENGINE], came)
    low, high, p = permuted_auc(says[ENGINE], came, seed)
    sentence = _sentence(table, no_better, len(known), area, (low, high))
    bins = reliability(says[ENGINE], came)
    formed = int(came.sum())
    about = (case_table(forecasts), bins, runs, seed, len(known), formed, area, low, high, p, no_better)
    return CaseScores(table, sentence, *about, tuple(forecasts))


def _unscored(forecasts: Sequence[CaseForecast], runs: int, seed: int) -> CaseScores:
    """Return forecasts of cases of which too few have a known outcome."""
    known = sum(each.coded.outcome is not None for each in forecasts)
    formed = sum(map(_came, forecasts))
    answers = "; ".join(f"{each.coded.case.title}: {each.force.probability:.1%}" for each in forecasts)
    sentence = f"A foreign force forms within a year, {answers}; {known} with a known outcome, too few to score."
    nothing, unknown = pd.DataFrame(), float("nan")
    about = (case_table(forecasts), nothing, runs, seed, known, formed, unknown, unknown, unknown, unknown, ())
    return CaseScores(nothing, sentence, *about, tuple(forecasts))


def _came(each: CaseForecast) -> bool:
    return each.coded.outcome is not None and each.coded.outcome.force_formed_within_52w


def brier(says: Floats, came: Floats) -> Floats:
    """Return the Brier score of each forecast of an event of two sides: the squared error, in [0, 1].

    >>> brier(np.array([0.2]), np.array([1.0])).round(2).tolist()
    [0.64]
    """
    return np.asarray((says - came) * (says - came))


def log_score(says: Floats, came: Floats) -> Floats:
    """Return the logarithmic score of each forecast: minus the log of what it gave to what came."""
    right = np.where(came > 0.5, says, 1.0 - says)
    return np.array([-log(max(1e-12, each)) for each in right])


def auc(says: Floats, came: Floats) -> float:
    """Return how often a case in which a force formed was given more than one in which none did, ties half.

    >>> auc(np.array([0.9, 0.2, 0.4]), np.array([1.0, 0.0, 0.0]))
    1.0
    """
    with_force, without = says[came > 0.5], says[came < 0.5]
    if not len(with_force) or not len(without):
        return float("nan")
    higher = np.sign(with_force[:, np.newaxis] - without)
    return float((higher.mean() + 1.0) / 2.0)


def permuted_auc(says: Floats, came: Floats, seed: int) -> tuple[float, float, float]:
    """Return the central 95% of the area under shuffled outcomes, and the share of them with an area as high."""
    rng = np.random.default_rng(seed)
    shuffled = np.array([auc(says, rng.permutation(came)) for _ in range(PERMUTATIONS)])
    low, high = np.quantile(shuffled, [0.025, 0.975])
    return float(low), float(high), float((shuffled >= auc(says, came) - 1e-12).mean())


def reliability(says: Floats, came: Floats) -> pd.DataFrame:
    """Return, by thirds of the scale, how many cases there are, the mean forecast, and the share with a force."""
    rows = []
    for low, high in BINS:
        inside = (says >= low) & (says < high if high < 1.0 else says <= high)
        of = int(inside.sum())
        formed = share(int(came[inside].sum()), of) if of else None
        rows.append(
            {
                "from": low,
                "to": high,
                "cases": of,
                "mean_forecast": float(says[inside].mean()) if of else float("nan"),
                "formed": formed.probability if formed else float("nan"),
                "formed_low": formed.low if formed else float("nan"),
                "formed_high": formed.high if formed else float("nan"),
            }
        )
    return pd.DataFrame(rows)


def case_table(forecasts: Sequence[CaseForecast]) -> pd.DataFrame:
    """Return a row a case: what the engine says, with its intervals, beside what came."""
    return pd.DataFrame([_case_row(each) for each in forecasts]).set_index("case")


def _case_row(each: CaseForecast) -> dict[str, object]:
    came, nan = each.coded.outcome, float("nan")
    inputs, theory = each.inputs or (nan, nan), each.theory or (nan, nan)
    return {
        "case": each.coded.case.id,
        "title": each.coded.case.title,
        "probability": each.force.probability,
        "run_noise_low": each.force.low,
        "run_noise_high": each.force.high,
        "inputs_low": inputs[0],
        "inputs_high": inputs[1],
        "theory_low": theory[0],
        "theory_high": theory[1],
        "ceasefire": each.ceasefire,
        "blocker": each.blocker,
        "kind": each.kind,
        "troops": each.troops,
        "formed": None if came is None else came.force_formed_within_52w,
        "kind_came": None if came is None else came.kind,
        "troops_came": None if came is None else came.troops,
        "ceasefire_came": None if came is None else came.ceasefire_within_52w,
        "brier": None
        if came is None
        else float(brier(np.array([each.probability]), np.array([float(_came(each))]))[0]),
    }


def _row(says: Floats, came: Floats) -> dict[str, float]:
    return {
        "brier": float(brier(says, came).mean()),
        "log": float(log_score(says, came).mean()),
        "auc": auc(says, came),
    }


def _with_intervals(table: pd.DataFrame, says: dict[str, Floats], came: Floats, seed: int) -> pd.DataFrame:
    """Return scores with 95% intervals by bootstrap over cases, of each and of what the engine gains on it."""
    each = pd.DataFrame({name: brier(values, came) for name, values in says.items()})
    both = pd.concat([each, each.sub(each[ENGINE], axis=0).add_suffix(" gain")], axis=1)
    low, high = ends(resampled_means(both, pd.Series(range(len(came))), RESAMPLES, seed))
    count = len(says)
    columns = {"brier_low": low[:count], "brier_high": high[:count], "gain": table["brier"] - table["brier"][ENGINE]}
    return table.assign(**columns, gain_low=low[count:], gain_high=high[count:])


def _rivals(known: Sequence[CaseForecast], came: Floats) -> pd.DataFrame:
    """Return the scores of each rival set of rules that all cases were played under."""
    names = [name for name in known[0].rivals if all(name in each.rivals for each in known)]
    rows = {}
    for name in names:
        says = np.array([(each.rivals[name].hits + 0.5) / (each.rivals[name].of + 1.0) for each in known])
        what = "the rules as configured, in as many runs as the rivals" if name == OWN else "rival rules"
        rows[name] = {"says": what, **_row(says, came)}
    return pd.DataFrame.from_dict(rows, orient="index")


def _sentence(
    table: pd.DataFrame, no_better: Sequence[str], cases: int, area: float, by_chance: tuple[float, float]
) -> str:
    of = {str(name): float(value) for name, value in table["brier"].items()}
    against = ", ".join(f"{of[name]:.3f} for “{YARDSTICKS[name]}”" for name in (no_better or YARDSTICKS))
    verdict = "no better than yardsticks that know nothing of it" if no_better else "better than every yardstick"
    chance = f"{by_chance[0]:.2f} to {by_chance[1]:.2f}"
    return (
        f"The engine does {verdict}: its Brier score over {cases} cases is {of[ENGINE]:.3f}, against {against} "
        f"(lower is better). It gives more to a case with a force than to one without in {area:.2f} of pairs "
        f"(by chance {chance}). "
        f"{cases} cases can refute a gross error and rank nothing finer."
    )
