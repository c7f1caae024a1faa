"""A case is converted, to the last reason, as ``tests/golden/shown`` keeps it; SIM_RENEW_GOLDEN=1 writes it anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import vocabulary
from sim.validation import case_senders
from sim.validation.case_format import Broker, read_cases
from sim.validation.case_parties import parties_of
from sim.validation.case_theatre import as_yaml
from tests import kept_output
from tests.validation.made_up_cases import made_up

CASES = {each.case.id: each.case for each in read_cases(Path(__file__).parent / "cases")}
CASES |= {f"made_up_{seed}": made_up(seed) for seed in (1, 2)}
BROKERS = (
    "United States",
    "the United States of America",
    "Union with States",
    "European Union",
    "NATO",
    "Chad",
    "Iran",
)
CONDITIONS = (
    "ceasefire", "a truce that holds", "peace agreement", "consent of all", "Moscow agrees", "others join", "company",
    "a mandate of the council", "airlift by the United States", "American backing", "vote of parliament",
    "the Bundestag", "cabinet", "a clear mission", "logistics", "nothing", "",
)  # fmt: skip
NOTES = ("", "only under conditions", "unconditional")


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_converted_as_it_is_kept(name: str) -> None:
    assert kept_output.differs("converted_cases", as_yaml(CASES[name]), name) == ""


def test_words_of_a_case_mean_what_is_kept() -> None:
    lines = [f"{broker} is called {sorted(case_senders._called(broker))}" for broker in BROKERS]
    for note in NOTES:
        powers = [Broker(name="Power", backing=rung, seen="page", note=note) for rung in vocabulary.RUNGS]
        lines += [f"{power.backing}, {note!r}: {case_senders._offers(power)}" for power in powers]
    for condition in CONDITIONS:
        sender = next(iter(CASES.values())).contributors[0].model_copy(update={"condition": condition})
        asks = (case_senders._waits_for_a_truce(sender), case_senders._asks_a_vote(sender))
        both = [
            case_senders.demands(each, parties_of(each), "a sender", sender) for each in CASES.values() if each.broker
        ]
        lines.append(f"{condition!r} waits for a truce, asks a vote: {asks}; demands {both}")
    assert kept_output.differs("converted_cases", "\n".join(lines), "words") == ""
