"""Writes the record of the rules' weights from the classes that a config is read with: ``python tools/rule_names.py``.

A weight is declared once, in ``sim/scenario/rule_weights.py``. Both engines read a run's weights from a flat record of
numbers, ``sim/world/rule_names.py``, which follows from it. A class made at run time would do for the engines, but a
type checker could not see its fields; so the record is written to a file, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.scenario.number_types import Part
from sim.scenario.priors import Prior
from sim.scenario.rule_weights import Rules

RECORD = Path(__file__).parents[1] / "sim" / "world" / "rule_names.py"
HEAD = '''"""The weights of the rules as a run has them: written by ``python tools/rule_names.py``, not by hand.

It follows from the classes of :mod:`sim.scenario.rule_weights`, where a new weight belongs.
"""

from __future__ import annotations

from typing import NamedTuple


class RuleNames(NamedTuple):
    """The weights of the rules by name, ``PHASE_WEIGHT``; both engines read a run's numbers in this order."""

'''


def weights() -> Iterator[str]:
    """Yield the names of all weights in the order of their classes; words such as a procedure are no weights."""
    for phase, section in Rules.model_fields.items():
        part = section.annotation
        if isinstance(part, type) and issubclass(part, Part):
            yield from (f"{phase}_{name}" for name, field in part.model_fields.items() if field.annotation is Prior)


def source() -> str:
    """Return the text of the module that holds the record."""
    return HEAD + "".join(f"    {name}: float\n" for name in weights())


if __name__ == "__main__":
    RECORD.write_text(source(), encoding="utf-8")
