"""Draws of the inputs that were kept, as a folder: ``sim match`` writes one, ``sim run --inputs`` plays on it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.batch.manifest import fingerprint
from sim.ensemble import atomic_files, disk
from sim.ensemble.handing_out import HandsOutCopies
from sim.scenario.scenario import Scenario

FORMAT = 1
TABLE, MANIFEST = "quantiles.parquet", "design.json"
DEFAULT_FOLDER = Path("plausible")
_ABOUT = {"format": int, "scenario": str, "hash": str, "draws": int, "quantiles": dict, "file": dict}


@dataclass(frozen=True, eq=False)
class InputDesign(HandsOutCopies):
    """Draws of some inputs that a method kept, of those that it drew.

    Attributes
    ----------
    quantiles
        A row a draw, a column an input path; quantiles in [0, 1). Run r takes row r modulo rows; inputs that are no
        column, and all luck, are the run's own.
    about
        What made it: ``scenario`` and ``hash`` of the config, ``draws`` it was kept from, and what the method adds.
    """

    quantiles: pd.DataFrame
    about: Mapping[str, Any]

    @property
    def stamp(self) -> str:
        """What sets answers on these inputs apart from those on all."""
        return f"on plausible inputs ({len(self.quantiles):,} of {self.about['draws']:,} draws)"

    def check(self, scenario: Scenario) -> None:
        """Make sure that the draws are of the inputs of a scenario.

        Raises
        ------
        ValueError
            If they were made for another config.
        """
        if self.about["hash"] != scenario.hash:
            made = f"{self.about['scenario']!r} ({self.about['hash']})"
            raise ValueError(
                f"the plausible inputs were made for {made}, and this is {scenario.name!r} ({scenario.hash}); "
                "sim match with this config makes its own"
            )

    def for_scenario(self, scenario: Scenario, inputs: Collection[str]) -> InputDesign:
        """Return the same draws for a variant of the scenario, as far as it has these ``inputs``."""
        kept = [name for name in self.quantiles if name in inputs]
        about = {**self.about, "hash": scenario.hash, "scenario": scenario.name}
        return InputDesign(self.quantiles[kept], about)

    def fingerprint(self) -> dict[str, Any]:
        """Return what tells these draws from others: size and checksum."""
        return fingerprint(self.quantiles)

    def write(self, folder: Path | str) -> Path:
        """Write the draws and their manifest into ``folder``, whole or not at all, and return the folder.

        Raises
        ------
        ValueError
            If something stands there that is no such design.
        """
        target = Path(folder).resolve()
        check_folder(target)
        with atomic_files.folder_aside(target) as aside:
            self._fill(aside)
            atomic_files.put_folder(aside, target)
        return target

    def _fill(self, folder: Path) -> None:
        table = pa.Table.from_pandas(self.quantiles, preserve_index=False)
        atomic_files.write_whole(folder / TABLE, partial(pq.write_table, table))
        about = {**self.about, "format": FORMAT, "quantiles": self.fingerprint()}
        about["file"] = atomic_files.stamp(folder / TABLE)
        atomic_files.put(folder / MANIFEST, json.dumps(about, indent=1, allow_nan=False) + "\n")


def check_folder(folder: Path) -> None:
    """Make sure that a design may be written into ``folder``.

    Raises
    ------
    ValueError
        If something stands there that is no such design.
    """
    here = disk.current()
    if here.size(folder) is not None or any(name not in (TABLE, MANIFEST) for name in here.names(folder)):
        raise ValueError(f"{folder} holds something else than plausible inputs; name a new or empty folder")


def read_design(folder: Path | str) -> InputDesign:
    """Return the draws in a folder.

    Raises
    ------
    ValueError
        If there are none, or they are not as they were written.
    """
    folder = Path(folder)
    if disk.current().size(folder / MANIFEST) is None:
        raise ValueError(f"{folder}: no plausible inputs stand here; sim match CONFIG --out {folder} makes them")
    about = _manifest(folder)
    if wrong := atomic_files.damage(folder / TABLE, about["file"]):
        raise ValueError(f"{folder / TABLE} is damaged ({wrong}); sim match makes it again")
    design = InputDesign(pq.read_table(disk.current().path_for_reading(folder / TABLE)).to_pandas(), about)
    if design.fingerprint() != about["quantiles"]:
        raise ValueError(f"{folder / TABLE} is not the table that its manifest names; sim match makes it again")
    return design


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        about = json.loads(atomic_files.read_text(folder / MANIFEST))
    except (ValueError, RecursionError):
        about = None
    known = about if isinstance(about, dict) else {}
    wrong = [name for name, kind in _ABOUT.items() if not isinstance(known.get(name), kind)]
    if wrong or not {"bytes", "sha256"} <= known["file"].keys():
        raise ValueError(f"{folder / MANIFEST} is damaged; sim match makes it again")
    if known["format"] != FORMAT:
        raise ValueError(f"{folder / MANIFEST} is of format {known['format']}, and this version reads {FORMAT}")
    return known
