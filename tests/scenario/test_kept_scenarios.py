"""A scenario that was loaded before is taken up as it was, and never once anything that it was made of has changed."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.evidence import claim_files
from sim.reading import user_cache
from sim.reading.errors import InputError
from sim.reading.files import shipped_folder
from sim.scenario import kept_scenarios, loading
from sim.scenario.actor import Needs
from sim.scenario.scenario import Scenario

SHIPPED = loading.names()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "sim-scenarios"


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    """Return a copy of the shipped configs, with a scenario that extends another in it."""
    shutil.copytree(shipped_folder("configs"), tmp_path / "configs")
    (tmp_path / "mine.yaml").write_text(
        "extends: configs/baseline.yaml\nquestion: mine?\nassumption: ours\nchange: {actors.germany.home_guard: 20%}\n"
    )
    return tmp_path


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the shipped evidence, which counts as the shipped one."""
    shutil.copytree(shipped_folder("seeds"), tmp_path / "seeds")
    for module in (claim_files, kept_scenarios):
        monkeypatch.setattr(module, "seeds_home", lambda: tmp_path / "seeds")
    return tmp_path / "seeds"


def test_a_part_can_be_kept_whatever_pydantic_leaves_out_of_it() -> None:
    needs = Needs.model_construct()
    object.__delattr__(needs, "__pydantic_private__")  # as pydantic 2.9 makes it
    needs.model_post_init(None)
    assert pickle.loads(pickle.dumps(needs)) == Needs.model_construct()


def read_anew(path: Path) -> Scenario:
    layer, notes = loading._load_layer(path, ())
    return Scenario(path.stem, layer, notes)


def path_of(name: str) -> Path:
    return loading.find(name, Path.cwd(), loading.Place(name))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_scenario_taken_up_is_the_one_that_was_loaded(name: str) -> None:
    first, kept = loading.load(name), kept_scenarios.take_up(path_of(name))
    assert kept is not None
    for part in ("name", "hash", "parts", "leaves", "layer", "written", "notes", "removals", "stamp", "question"):
        assert getattr(kept, part) == getattr(first, part), part
    assert list(kept.leaves) == list(first.leaves)
    assert list(kept.layer.places) == list(first.layer.places)
    edit = {"actors.germany.credence": 0.5}
    assert kept.change(edit).hash == first.change(edit).hash
    assert kept.as_dict() == first.as_dict()


def test_a_second_load_reads_no_yaml(configs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = loading.load(configs / "mine.yaml")
    monkeypatch.delattr(loading, "_load_layer")
    assert loading.load(configs / "mine.yaml").hash == first.hash


CHANGES: dict[str, Callable[[Path], object]] = {
    "its own file": lambda home: append(home / "mine.yaml", "start: 2025-04-01\n"),
    "the file it extends": lambda home: append(home / "configs" / "baseline.yaml", "rounds_per_week: 2\n"),
    "a file included": lambda home: append(home / "configs" / "rules.yaml", "# a remark\n"),
    "a file in a folder included": lambda home: append(home / "configs" / "actors" / "germany.yaml", "# a remark\n"),
    "another file in a folder": lambda home: (home / "configs" / "actors" / "remarks.txt").write_text("not read"),
    "a file fewer": lambda home: (home / "configs" / "network.yaml").unlink(),
    "a folder for a file": lambda home: folder_for(home / "configs" / "network.yaml"),
}


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, encoding="utf-8")


def folder_for(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("change", CHANGES)
def test_a_scenario_is_read_anew_when_anything_has_changed(change: str, configs: Path) -> None:
    loading.load(configs / "mine.yaml")
    assert kept_scenarios.take_up(configs / "mine.yaml") is not None
    CHANGES[change](configs)
    assert kept_scenarios.take_up(configs / "mine.yaml") is None


def test_a_mistake_made_later_is_reported_and_its_end_too(configs: Path) -> None:
    sound = loading.load(configs / "mine.yaml")
    before = (configs / "mine.yaml").read_text()
    append(configs / "mine.yaml", "horizon_weeks: soon\n")
    with pytest.raises(InputError, match="horizon_weeks"):
        loading.load(configs / "mine.yaml")
    (configs / "mine.yaml").write_text(before)
    assert loading.load(configs / "mine.yaml").hash == sound.hash


@pytest.mark.parametrize("file", ["literature.yaml", "claims/000.yaml", "countries.csv"])
def test_a_scenario_is_read_anew_when_the_evidence_has_changed(file: str, configs: Path, seeds: Path) -> None:
    loading.load(configs / "mine.yaml")
    assert kept_scenarios.take_up(configs / "mine.yaml") is not None
    append(seeds / file, "# a remark\n")
    assert kept_scenarios.take_up(configs / "mine.yaml") is None


def test_a_scenario_is_read_anew_under_other_code(configs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loading.load(configs / "mine.yaml")
    monkeypatch.setattr(kept_scenarios, "_version", lambda: "another")
    assert kept_scenarios.take_up(configs / "mine.yaml") is None


def test_the_version_counts_the_code_of_every_room_that_makes_a_scenario() -> None:
    code = {path.parent.name for path in kept_scenarios._sources()}
    assert code == {"evidence", "reading", "scenario", "sim", "yaml"}
    assert Path(loading.__file__) in kept_scenarios._sources()


def test_files_of_the_same_name_elsewhere_are_other_scenarios(configs: Path) -> None:
    loading.load(configs / "mine.yaml")
    (configs / "other").mkdir()
    assert kept_scenarios.take_up(configs / "other" / "mine.yaml") is None


@pytest.mark.parametrize("content", [b"", b"no pickle", pickle.dumps(("version", "log")), pickle.dumps(print)])
def test_a_file_that_is_none_of_ours_is_passed_over(content: bytes, configs: Path, cache: Path) -> None:
    first = loading.load(configs / "mine.yaml")
    (file,) = cache.iterdir()
    user_cache.write(cache, file.name, content)
    assert kept_scenarios.take_up(configs / "mine.yaml") is None
    assert loading.load(configs / "mine.yaml").hash == first.hash
    assert kept_scenarios.take_up(configs / "mine.yaml") is not None


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return Path.write_text, (Path("harm"), "done")  # type: ignore[return-value]


def test_nothing_that_a_file_holds_is_ever_run(configs: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loading.load(configs / "mine.yaml")
    monkeypatch.chdir(configs)
    (file,) = cache.iterdir()
    user_cache.write(cache, file.name, pickle.dumps(Evil()))
    assert kept_scenarios.take_up(configs / "mine.yaml") is None
    assert not (configs / "harm").exists()


def test_without_a_folder_of_its_own_a_scenario_loads_all_the_same(
    configs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(user_cache, "folder", lambda name: None)
    first = loading.load(configs / "mine.yaml")
    assert kept_scenarios.take_up(configs / "mine.yaml") is None
    assert loading.load(configs / "mine.yaml").hash == first.hash == read_anew(configs / "mine.yaml").hash
