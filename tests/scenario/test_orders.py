"""Tests of orders among numbers: held where they are documented, told where a scenario leaves them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.reading.errors import InputError
from sim.scenario import loading
from sim.scenario.orders import central
from sim.scenario.priors import Prior, choice, number
from sim.scenario.scenario import Scenario
from tests.worlds import baseline, write_tiny

CLAIM = "000.merz.if_russia_consents"
ORDER = """
  actors.alba.credence: {low: 30%, likely: 60%, high: 70%,
    order: [000.merz.if_russia_consents], more_than: [actors.borea.credence], assumption: "the distance is ours"}
"""


def changed(folder: Path, text: str, header: str = "change:") -> Scenario:
    return loading.load(write_tiny(folder, mine=f"extends: tiny.yaml\nassumption: mine\n{header}{text}"))


def test_an_order_that_likely_values_keep_is_no_fault_and_its_kind_is_counted(tmp_path: Path) -> None:
    scenario = changed(tmp_path, ORDER)
    assert scenario.notes == ()
    assert scenario.leaves["actors.alba.credence"].reasons.more_than == ("actors.borea.credence",)


def test_a_change_that_leaves_an_order_is_told_and_runs(tmp_path: Path) -> None:
    scenario = changed(tmp_path, ORDER)
    (note,) = scenario.change({"actors.alba.credence": 0.2}).notes
    assert "actors.alba.credence (0.2) is to be more than actors.borea.credence (0.4)" in note
    assert CLAIM in note
    (other,) = scenario.change({"actors.borea.credence": 0.9}).notes
    assert "(0.6) is to be more than actors.borea.credence (0.9)" in other
    assert scenario.change({"actors.borea.credence": 0.9}).change({"actors.borea.credence": 0.1}).notes == ()


def test_an_order_that_a_file_itself_breaks_is_a_fault_at_its_place(tmp_path: Path) -> None:
    world = write_tiny(tmp_path)
    world.write_text(
        world.read_text().replace(
            "    credence: 60%\n",
            f"    credence: {{likely: 30%, order: [{CLAIM}], more_than: [actors.borea.credence], assumption: ours}}\n",
        )
    )
    with pytest.raises(InputError, match=r"tiny.yaml:\d+:\d+: actors.alba.credence: .* is to be more than") as refused:
        loading.load(world)
    assert len(refused.value.faults) == 1


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("order: [nosuch.claim], more_than: [actors.borea.credence]", "no claim 'nosuch.claim'"),
        (f"order: [{CLAIM}], more_than: [actors.borea.credenc]", "did you mean 'actors.borea.credence'"),
        (f"order: [{CLAIM}]", "goes with paths of numbers"),
        ("more_than: [actors.borea.credence], assumption: ours", "goes with paths of numbers"),
        (f"order: {CLAIM}, more_than: [actors.borea.credence]", "expected a list of claims"),
        (f"order: [{CLAIM}], more_than: actors.borea.credence", "expected a list of paths of numbers"),
    ],
)
def test_a_wrong_order_is_refused(tmp_path: Path, written: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        changed(tmp_path, f"\n  actors.alba.credence: {{likely: 60%, {written}}}\n")
    assert any(message in fault.message for fault in refused.value.faults)


def test_an_order_stands_at_one_number_not_at_a_map(tmp_path: Path) -> None:
    text = f"\n  actors.alba.hesitancy: {{order: [{CLAIM}], more_than: [actors.borea.credence], public: 60%}}\n"
    with pytest.raises(InputError, match="an order holds for one number"):
        changed(tmp_path, text)


def test_an_anchor_names_a_record_of_the_literature(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no record 'nosuch' in the literature"):
        changed(tmp_path, "\n  actors.alba.credence: {likely: 60%, anchor: [nosuch]}\n")
    known = changed(tmp_path, "\n  actors.alba.credence: {low: 20%, high: 60%, anchor: [leeds_2003_75]}\n")
    assert known.leaves["actors.alba.credence"].reasons.anchor == ("leeds_2003_75",)


def test_a_convention_fixes_a_number(tmp_path: Path) -> None:
    assert changed(tmp_path, '\n  actors.alba.credence: {likely: 60%, convention: "a unit"}\n')
    with pytest.raises(InputError, match="a convention fixes a number"):
        changed(tmp_path, '\n  actors.alba.credence: {low: 20%, high: 60%, convention: "a unit"}\n')


def test_removing_an_actor_removes_the_orders_that_name_it() -> None:
    without = baseline().change({"actors.netherlands": None})
    assert not any("order" in note for note in without.notes)


def test_the_command_line_tells_that_a_scenario_leaves_an_order(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("extends: baseline\nassumption: mine\nchange:\n  actors.us.standing: 0.1\n")
    result = CliRunner().invoke(app, ["check", str(mine)])
    assert result.exit_code == 0
    assert "leaves a documented order: actors.us.standing (0.1) is to be more than" in " ".join(result.stdout.split())


def test_what_orders_compare() -> None:
    assert central(number({"low": 0, "likely": 1, "high": 5})) == 1
    assert central(number({"low": 0, "high": 5})) == 2.5
    assert central(choice({"open": 0.5, "pledged": 0.5}, "stance")) == 2.5
    assert central(number({"by": {"ann": 1, "ben": {"low": 2, "high": 4}}})) == 2
    assert central(Prior("fixed", (3.0,))) == 3
