"""What a user gives with an option is what the analysis is asked with: no command drops or mixes up one.

The analysis is replaced by one that notes what it is asked with and refuses, so that nothing is played. What it is
asked with where no option is given stands in ``tests/golden/shown/defaults.txt``.
"""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import sim
from sim.cli import application
from tests import kept_output
from tests.worlds import tiny, write_tiny

HASH = re.compile(r"\b[0-9a-f]{12,}\b")
CHANGED = "--set actors.ukr.disposition=3"
HANDED_ON: dict[str, tuple[str, str, dict[str, Any]]] = {
    "levers": (
        "sim.analysis.enough:enough",
        "CONFIG --target 0.4 --of deployed --runs 300 --tries 3 --within 2 --seed 5 --workers 2",
        {"target": 0.4, "of": "deployed", "runs": 300, "tries": 3, "within": 0.02, "seed": 5, "workers": 2},
    ),
    "sure": (
        "sim.analysis.certainty:certainty",
        "CONFIG --of deployed --runs 300 --draws 30 --luck 20 --seed 5",
        {"of": "deployed", "runs": 300, "draws": 30, "luck": 20, "seed": 5},
    ),
    "sensitivity": (
        "sim.analysis.sensitivity:sensitivity",
        "CONFIG --of deployed --base 64 --trajectories 9 --seed 5",
        {"of": "deployed", "base": 64, "trajectories": 9, "seed": 5, "within": None},
    ),
    "sensitivity, narrow enough": (
        "sim.analysis.sensitivity:sensitivity",
        "CONFIG --within 3",
        {"of": "european", "seed": 1, "within": 0.03},
    ),
    "sweep": (
        "sim.analysis.sweep:sweep",
        "CONFIG actors.ukr.disposition=0:3:4 --runs 30 --of deployed --seed 5",
        {"of": "deployed", "runs": 30, "seed": 5},
    ),
    "when": (
        "sim.analysis.when:when",
        "ENSEMBLE --of deployed --inputs 7 --density 0.6",
        {"of": "deployed", "inputs": 7, "density": 0.6},
    ),
    "could": (
        "sim.analysis.could:could",
        "CONFIG deployed --runs 300 --seed 5 --workers 2",
        {"runs": 300, "seed": 5, "workers": 2},
    ),
    "update": (
        "sim.analysis.living_forecast:living_forecast",
        "CONFIG SEEN --of deployed --runs 300 --seed 5 --workers 2 --no-widths --resume kept",
        {"of": "deployed", "runs": 300, "seed": 5, "workers": 2, "widths": False, "resume": Path("kept")},
    ),
    "watch": (
        "sim.analysis.watching:watch",
        "CONFIG SEEN --weeks 5 --of deployed --runs 300 --seed 5 --workers 2",
        {"weeks": 5, "of": "deployed", "runs": 300, "seed": 5, "workers": 2},
    ),
    "match": (
        "sim.analysis.matching:match",
        "CONFIG --out here --draws 30 --luck 20 --waves 2 --keep 9 --runs 300 --seed 5 --workers 2",
        {"out": Path("here"), "draws": 30, "luck": 20, "waves": 2, "keep": 9, "runs": 300, "seed": 5, "workers": 2},
    ),
    "disagree": (
        "sim.analysis.disagree:disagree",
        f"CONFIG {CHANGED} --of deployed --runs 300 --seed 5 --by actor --permutations 14 --engine mesa --workers 2",
        {"of": "deployed", "runs": 300, "seed": 5, "by": "actor", "permutations": 14, "engine": "mesa", "workers": 2},
    ),
    "compare": (
        "sim.analysis.compare:comparisons",
        f"CONFIG {CHANGED} --of deployed --runs 300 --seed 5 --engine mesa --workers 2 --nested 4x5",
        {"of": "deployed", "runs": 300, "seed": 5, "engine": "mesa", "workers": 2, "design": (4, 5)},
    ),
    "why": (
        "sim.analysis.why:why",
        "ENSEMBLE --of deployed --most 2 --within 4 --workers 2",
        {"of": "deployed", "most": 2, "within": 0.04, "workers": 2},
    ),
    "given": ("sim.analysis.given:given", "ENSEMBLE ceasefire --of deployed", {"of": "deployed"}),
    "run": (
        "sim.analysis.forecast:forecast",
        "CONFIG --out here --runs 300 --seed 5 --nested 4x5 --theory 20 --workers 2",
        {"folder": Path("here"), "runs": 300, "seed": 5, "design": (4, 5), "theory": 20, "workers": 2},
    ),
}


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed_on") / "out"
    sim.run(tiny(), 40, 1, workers=1, out=folder)
    return folder


def asked_with(name: str, words: list[str], ensemble: Path, folder: Path, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what the analysis of a command is asked with."""
    module, _, function = HANDED_ON[name][0].partition(":")
    analysis, asked = getattr(import_module(module), function), dict[str, Any]()

    def note(*given: Any, **options: Any) -> None:
        arguments = inspect.signature(analysis).bind(*given, **options).arguments
        asked.update({**arguments, **arguments.get("options", {})})
        raise ValueError("noted, and not done")

    patch.chdir(folder)
    patch.setattr(import_module(module), function, note)
    (folder / "seen.yaml").write_text("- {week: 2025-03-10, rung: none}\n", encoding="utf-8")
    files = {"CONFIG": str(write_tiny(folder)), "ENSEMBLE": str(ensemble), "SEEN": "seen.yaml"}
    command = [name.partition(",")[0], *(files.get(word, word) for word in words)]
    result = CliRunner().invoke(application(), command)
    assert "noted, and not done" in result.output, result.output
    return asked


@pytest.mark.parametrize("name", HANDED_ON)
def test_an_option_reaches_the_analysis(
    name: str, ensemble: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, words, expected = HANDED_ON[name]
    asked = asked_with(name, words.split(), ensemble, tmp_path, monkeypatch)
    assert {each: asked.get(each, "not given") for each in expected} == expected


@pytest.mark.parametrize("name", [name for name in HANDED_ON if "," not in name])
def test_without_options_the_analysis_is_asked_with_what_is_kept(
    name: str, ensemble: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = HANDED_ON[name][1].split()
    needed = [word for before, word in zip(["", *words], words, strict=False) if "--" not in before + word]
    needed += CHANGED.split() if CHANGED in HANDED_ON[name][1] else []
    asked = asked_with(name, needed, ensemble, tmp_path, monkeypatch)
    plain = (int, float, str, bool, tuple, list, dict, Path, type(None))
    lines = [f"{each}: {value!r}" for each, value in asked.items() if isinstance(value, plain) and each != "options"]
    text = re.sub(r" at 0x[0-9a-f]+", "", "\n".join(lines)).replace(str(tmp_path), "FOLDER")
    assert kept_output.differs("defaults", HASH.sub("HASH", text), name) == ""
