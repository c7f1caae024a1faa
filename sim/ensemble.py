"""What came out of a batch: documented tables in memory and on disk, and their plain summary.

Reading needs nothing of the simulator. Tables: ``runs`` (a row a run), ``inputs`` (a row a run, a column an input),
``actors`` (a row a run and contributor), ``weekly`` (a row a run and round, if kept). ``manifest`` says what was run.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sim import vocabulary

_WEEKS = ("ceasefire_week", "deployed_week", "european_week", "observer_week", "training_week")
_WHOLE = ("states",)
_PERSONS = ("troops", "european_troops")
Z95 = 1.959963984540054


class Share(NamedTuple):
    """A share of runs with its 95% interval of run noise (Wilson 1927)."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def probability(self) -> float:
        """The share itself."""
        return self.hits / self.of


def share(count: int, of: int) -> Share:
    """Return ``count`` of ``of`` runs as a share with Wilson's 95% interval.

    Raises
    ------
    ValueError
        If there are no runs, or more counted than there are.

    >>> round(share(0, 10).high, 4)
    0.2775
    """
    if not 0 <= count <= of or of == 0:
        raise ValueError(f"cannot take {count} of {of} runs as a share")
    p, z2 = count / of, Z95 * Z95
    centre = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 * sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Share(count, of, max(0.0, min(p, centre - half)), min(1.0, max(p, centre + half)))


def make_runs(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return rows of runs as a table with stable types: missing weeks and troops are missing values."""
    table = pd.DataFrame(list(rows))
    return table.astype(dict.fromkeys((*_WEEKS, *_PERSONS), "Float64") | dict.fromkeys(_WHOLE, "Int64"))


class Ensemble:
    """The result of a batch. Shown in a notebook it gives the answer as a sentence and a short table.

    Attributes
    ----------
    runs, inputs, actors, weekly
        Tables; ``weekly`` is None unless it was kept.
    manifest
        Config in full, hash, seed, runs, versions.
    inputs_range
        From a nested design: per group the 10th and 90th percentile over inputs; None if not computed.
    """

    def __init__(
        self,
        runs: pd.DataFrame,
        inputs: pd.DataFrame,
        actors: pd.DataFrame,
        manifest: dict[str, Any],
        weekly: pd.DataFrame | None = None,
    ) -> None:
        self.runs, self.inputs, self.actors, self.weekly, self.manifest = runs, inputs, actors, weekly, manifest
        self.inputs_range: dict[str, dict[str, float]] | None = manifest.get("inputs_range")

    def __len__(self) -> int:
        return len(self.runs)

    @property
    def plot(self) -> Any:
        """Plots of this ensemble: ``ensemble.plot.outcomes()`` and so on; see :mod:`sim.plots`."""
        from sim.plots import Plots

        return Plots(self)

    def read(self, columns: Sequence[str] | None = None, where: str | None = None) -> pd.DataFrame:
        """Return some columns of the runs, and the rows that fit a pandas query, e.g. ``"truces > 0"``."""
        table = self.runs if where is None else self.runs.query(where)
        return table if columns is None else table[list(columns)]

    def happened(self, what: str) -> pd.Series:
        """Return, for every run, whether it came about: ceasefire, deployed, european, or a column of yes and no."""
        if what in ("ceasefire", "deployed", "european", "observer", "training"):
            return self.runs[f"{what}_week"].notna()
        return self.runs[what].astype(bool)

    def share(self, what: str, given: str | None = None, by_week: float | None = None) -> Share | None:
        """Return the share of runs in which ``what`` came about, by a week, among those with ``given``.

        None if there are no such runs.
        """
        among = self.happened(given) if given else pd.Series(True, index=self.runs.index)
        hits = self.happened(what) & among
        if by_week is not None:
            hits &= (self.runs[f"{what}_week"] <= by_week).fillna(False).astype(bool)
        return share(int(hits.sum()), int(among.sum())) if among.any() else None

    def summary(self) -> dict[str, Any]:
        """Return the plain summary that ``sim run --json`` prints; see ``docs/reference/json.md``."""
        about = self.manifest
        return {
            "scenario": about["scenario"],
            "runs": len(self),
            "seed": about["seed"],
            "engine": about["engine"],
            "horizon_weeks": about["horizon_weeks"],
            "groups": {group: self._group(group) for group in ("deployed", "european")},
            "outcomes": {name: _counted(share(count, len(self))) for name, count in self.outcomes().items()},
            "ceasefire": _interval(self.share("ceasefire")),
            "weekly": self.by_week(),
            "apart": {name: _counted(share(int(self.happened(name).sum()), len(self))) for name in APART},
            "contributors": self.contributors().to_dict("index"),
            "troops": self._troops(),
            "inputs_range": self.inputs_range,
        }

    def outcomes(self) -> dict[str, int]:
        """Return the number of runs by outcome, every possible outcome named; they sum to the number of runs."""
        counts = self.runs["outcome"].value_counts()
        missions = [name for name, groups in self.manifest["groups"].items() if "deployed" in groups]
        return {name: int(counts.get(name, 0)) for name in (*missions, *vocabulary.OUTCOMES_WITHOUT_FORCE)}

    def by_week(self) -> dict[str, list[int] | list[float]]:
        """Return the share of runs in which a ceasefire, a deployment, a European force had begun by each week."""
        weeks = list(range(1, int(self.manifest["horizon_weeks"]) + 1))
        names = {"first_ceasefire": "ceasefire_week", "deployed": "deployed_week", "european": "european_week"}
        reached = {name: self.runs[column].astype("float64").to_numpy() for name, column in names.items()}
        table: dict[str, list[int] | list[float]] = {"week": weeks}
        for name, first in reached.items():
            table[name] = [float((first <= week).mean()) for week in weeks]
        return table

    def contributors(self) -> pd.DataFrame:
        """Return, by actor, the share of runs in which it is pledged at the horizon, and was in a deployed force."""
        return self.actors.groupby("actor")[["pledged", "deployed"]].mean()

    def missing(self) -> pd.Series:
        """Return, by gate, the share of runs without a force at the horizon that lack it; most often missing first."""
        without = self.runs[~self.runs["in_place_at_horizon"]]
        shares = {gate: float(without[f"missing_{gate}"].mean()) if len(without) else 0.0 for gate in vocabulary.GATES}
        return pd.Series(shares, name="missing").sort_values(ascending=False, kind="stable")

    def save(self, folder: Path | str) -> Path:
        """Write the ensemble into ``folder``, whole or not at all, and return the folder.

        Raises
        ------
        FileExistsError
            If something stands there that is no ensemble.
        """
        target = Path(folder).resolve()
        if target == Path.cwd().resolve():
            raise FileExistsError(f"{folder} is the current folder; name a folder of its own")
        if (
            target.exists()
            and not (target / "manifest.json").is_file()
            and (not target.is_dir() or any(target.iterdir()))
        ):
            raise FileExistsError(f"{target} exists and holds no ensemble")
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            self._write(aside)
            _put_in_place(aside, target)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        return target

    def _write(self, folder: Path) -> None:
        for name in ("runs", "inputs", "actors", "weekly"):
            table = getattr(self, name)
            if table is not None:
                table.to_parquet(folder / f"{name}.parquet", index=False)
        about = {**self.manifest, "inputs_range": self.inputs_range}
        (folder / "manifest.json").write_text(json.dumps(about, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        os.chmod(folder, 0o755)

    def _group(self, group: str) -> dict[str, Any]:
        given = self.share(group, given="ceasefire")
        return {**_interval(self.share(group)), "given_ceasefire": _interval(given) if given else None}

    def _troops(self) -> dict[str, float] | None:
        troops = self.runs["troops"].dropna().astype("float64")
        if troops.empty:
            return None
        return {name: float(troops.quantile(q)) for name, q in (("median", 0.5), ("p10", 0.1), ("p90", 0.9))}

    def __repr__(self) -> str:
        from sim.answer import sentence

        return sentence(self)

    def _repr_html_(self) -> str:
        from sim.display import ensemble_html

        return ensemble_html(self)


def _put_in_place(new: Path, target: Path) -> None:
    """Rename ``new`` to ``target``; what stood there is kept until the new one stands."""
    old = new.with_name(f"{new.name}-old")
    if target.exists():
        os.rename(target, old)
    try:
        os.rename(new, target)
    except BaseException:
        if old.exists():
            os.rename(old, target)
        raise
    shutil.rmtree(old, ignore_errors=True)


APART = ("in_place_at_horizon", "held", "truce_broke", "with_russian_consent", "without_russian_consent")
"""What is reported apart from the outcomes."""


def open_ensemble(folder: Path | str) -> Ensemble:
    """Return the ensemble written in ``folder``.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    home = Path(folder)
    if not (home / "manifest.json").is_file():
        raise FileNotFoundError(f"{home} holds no ensemble (no manifest.json)")
    tables = {name: pd.read_parquet(home / f"{name}.parquet") for name in ("runs", "inputs", "actors")}
    weekly = pd.read_parquet(home / "weekly.parquet") if (home / "weekly.parquet").is_file() else None
    about = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
    return Ensemble(**tables, manifest=about, weekly=weekly)


def _interval(found: Share | None) -> dict[str, float]:
    if found is None:
        raise ValueError("there are no runs")
    return {"probability": found.probability, "run_noise_low": found.low, "run_noise_high": found.high}


def _counted(found: Share) -> dict[str, float]:
    return {"count": found.hits, **_interval(found)}
