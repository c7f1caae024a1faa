"""Tests of observations: read, dated, checked with their places, and contradictions refused."""

from pathlib import Path

import pytest

from sim.reading.errors import InputError
from sim.scenario.observations import Observation, load_observations
from tests.worlds import tiny


def read(folder: Path, text: str) -> tuple[Observation, ...]:
    path = folder / "seen.yaml"
    path.write_text(text)
    return load_observations(path, tiny())


def test_what_was_seen_has_rounds_and_the_values_that_fit(tmp_path: Path) -> None:
    text = (
        "- {week: 2025-03-10, actor: alba, stage: at least open, reliability: 90%, source: a paper}\n"
        "- {from: 2025-03-03, to: 2025-03-24, ceasefire: none}\n"
        "- {week: 2025-03-11, rung: at most logistics}\n"
        "- {week: 2025-03-24, mission: none}\n"
        "- {week: 2025-03-24, force: european}\n"
        "- {week: 2025-03-24, gate: backstop, met: no}\n"
        "- {week: 2025-03-24, troops: at least 5000}\n"
        "- {week: 2025-03-24, battlefield: 0.3, sd: 0.1}\n"
    )
    by = {each.subject: each for each in read(tmp_path, text)}
    assert (by["stage"].first, by["stage"].codes, by["stage"].reliability) == (0, (2, 3), 0.9)
    assert (by["ceasefire"].first, by["ceasefire"].last, by["ceasefire"].codes) == (0, 2, (0,))
    assert (by["rung"].first, by["rung"].codes) == (1, (0, 1))
    assert by["mission"].codes == (0,)
    assert [by["force"].words[code] for code in by["force"].codes] == ["reassurance"]
    assert (by["gate"].of, by["gate"].codes) == ("backstop", (0,))
    assert by["troops"].bounds == (5000.0, float("inf"))
    assert (by["battlefield"].bounds, by["battlefield"].sd) == ((0.3, 0.3), 0.1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {week: 2025-03-10, actor: albia, stage: open}\n", "did you mean 'alba'"),
        ("- {week: 2025-03-10, actor: alba, stage: opne}\n", "did you mean 'open'"),
        ("- {week: 2025-03-10, gate: backstop, met: false}\n", "false is no word here; write no"),
        ("- {week: 2025-03-10, troops: '>= 5000'}\n", "'>= 5000' is not a number; write at least 5000"),
        ("- {week: 2025-03-10, battlefield: '\u2264 0.2'}\n", "is not a number; write at most 0.2"),
        ("- {week: 2025-03-32, ceasefire: none}\n", "is not a date"),
        ("- {week: 2025-02-01, ceasefire: none}\n", "outside the scenario, 2025-03-03 to 2025-06-23"),
        ("- {week: 2026-02-01, ceasefire: none}\n", "outside the scenario"),
        ("- {from: 2025-03-24, to: 2025-03-10, ceasefire: none}\n", "comes before from"),
        ("- {from: 2025-03-24, ceasefire: none}\n", "either week, or from and to"),
        ("- {week: 2025-03-10}\n", "this one tells 0"),
        ("- {week: 2025-03-10, ceasefire: none, rung: none}\n", "this one tells 2"),
        ("- {week: 2025-03-10, stage: open}\n", "actor goes with stage"),
        ("- {week: 2025-03-10, gate: backstop}\n", "gate goes with met"),
        ("- {week: 2025-03-10, gate: nosuch, met: yes}\n", "is no gate"),
        ("- {week: 2025-03-10, troops: 5000}\n", "a value needs sd"),
        ("- {week: 2025-03-10, rung: none, sd: 1}\n", "sd goes with a number"),
        ("- {from: 2025-03-10, to: 2025-03-24, battlefield: 1, sd: 1}\n", "is seen in one week"),
        ("- {week: 2025-03-10, ceasefire: none, reliability: 0%}\n", "above 0 to 1"),
        ("- {week: 2025-03-10, ceasefire: none, reliable: 0.5}\n", "did you mean 'reliability'"),
        ("- {week: 2025-03-10, mission: at least blue}\n", "is not among the words"),
        ("{week: 2025-03-10}\n", "a list"),
    ],
)
def test_a_wrong_observation_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=r"seen.yaml:1:") as refused:
        read(tmp_path, text)
    assert message in str(refused.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read(tmp_path, "- {week: 2025-03-10, mission: x}\n- {week: 2025-03-10, gate: x, met: yes}\n")
    assert [fault.place.line for fault in refused.value.faults] == [1, 2]


def test_certain_observations_that_contradict_each_other_are_refused_with_both_places(tmp_path: Path) -> None:
    sure = ", reliability: 100%}\n"
    text = f"- {{week: 2025-03-17, ceasefire: holds{sure}- {{from: 2025-03-03, to: 2025-03-31, ceasefire: none{sure}"
    with pytest.raises(InputError, match=r"seen.yaml:2:3: contradicts the observation at .*seen.yaml:1:3"):
        read(tmp_path, text)
    apart = text.replace("2025-03-17", "2025-04-14")
    assert len(read(tmp_path, apart)) == 2
    assert len(read(tmp_path, text.replace("reliability: 100%", "reliability: 99%"))) == 2
