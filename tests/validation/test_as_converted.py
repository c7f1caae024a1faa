"""A case is converted, to the last reason, as ``tests/golden/shown`` keeps it; SIM_RENEW_GOLDEN=1 writes it anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.validation.case_format import read_cases
from sim.validation.case_theatre import as_yaml
from tests import kept_output
from tests.validation.made_up_cases import made_up

CASES = {each.case.id: each.case for each in read_cases(Path(__file__).parent / "cases")}
CASES |= {f"made_up_{seed}": made_up(seed) for seed in (1, 2)}


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_converted_as_it_is_kept(name: str) -> None:
    assert kept_output.differs("converted_cases", as_yaml(CASES[name]), name) == ""
