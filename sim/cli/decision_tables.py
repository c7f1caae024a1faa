"""How ``sim replay --explain`` prints a decision: its terms, what the actor saw, and the numbers behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.cli.tables import text_table
from sim.words import RUNGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

    from sim.story.decision import Decision, Number

_SOURCES = 2
"""Claims printed of a number; --json has all."""
_RUNGS_SEEN: Final = {
    "rung_on_offer": "on offer",
    "rung_before": "on offer before",
    "rung": "on offer now",
    **{name: name.replace("_", " ") for name in ("thresholds_met_up_to", "at_least", "at_most", "by_its_own_rule")},
}
"""What an explanation of a decision says of backstops, by name."""
_OTHERS_SEEN: Final = {"binds": "holds it back", "european": "European"}


def lines_of(
    decision: Decision, numbers: Mapping[str, Number], missions: Mapping[str, str]
) -> Iterator[RenderableType]:
    """Yield a decision: its terms, what came of it, and the numbers behind the three largest terms.

    ``missions`` are their public names by id.
    """
    rows = [
        (each.says, f"{each.value:+.3f}", _saw(each.sees, missions))
        for each in decision.terms
        if each.value or each.sees
    ]
    title = f"{decision.decision.replace('_', ' ')}: {decision.says}"
    headers = ("", "adds", "as it saw")
    yield text_table(title, headers, [*rows, ("in all", f"{decision.total:+.3f}", "")], left=(0, 2), whole=())
    yield f"So: {_saw(decision.outcome, missions)}."
    largest = sorted(decision.terms, key=lambda each: -abs(each.value))[:3]
    paths = dict.fromkeys(path for each in largest if each.value for path in each.numbers)
    if paths:
        lines = [line for path in paths for line in _number(numbers[path])]
        yield "\n".join(["Behind its three largest terms (--json has all numbers, and every claim):", *lines])


def _number(number: Number) -> Iterator[str]:
    """Yield a number as lines: what was drawn, from what, what that rests on, and the first two who said so."""
    from sim.scenario.evidence_use import KINDS

    value = f"{number.value:.3g}" if isinstance(number.value, float) else number.value
    yield f"  {number.path} = {value}, drawn from {number.prior}; {KINDS[number.kind]}"
    for each in number.sources[:_SOURCES]:
        where = f"document {each.document}, paragraph {each.paragraph}" if each.paragraph else each.source
        yield f"    {each.cited} {each.id} ({where}): {each.says}"
    if (more := len(number.sources) - _SOURCES) > 0:
        yield f"    and {more} more"


def _saw(sees: dict[str, float | int | str | bool | None], missions: Mapping[str, str]) -> str:
    """Return what an actor saw; what is missing is left out."""
    # Not by commas, which words of a backstop have within.
    return "; ".join(seen_in_words(name, value, missions) for name, value in sees.items() if value is not None)


def seen_in_words(name: str, value: float | int | str | bool, missions: Mapping[str, str]) -> str:
    """Return a value that an actor saw, with its name, in words; ``missions`` are their public names by id.

    >>> seen_in_words("rung_on_offer", "reserve_force", {}), seen_in_words("binds", False, {})
    ('on offer: a reserve force outside', 'holds it back: no')
    >>> seen_in_words("mission", "tripwire", {"tripwire": "a tripwire"}), seen_in_words("own_guarantee", 0.0944, {})
    ('mission: a tripwire', 'own guarantee: 0.0944')
    """
    called_by = _RUNGS_SEEN.get(name) or _OTHERS_SEEN.get(name) or name.replace("_", " ")
    if isinstance(value, bool):
        return f"{called_by}: {'yes' if value else 'no'}"
    if isinstance(value, str):
        words_of = RUNGS if name in _RUNGS_SEEN else missions if name == "mission" else {}
        return f"{called_by}: {words_of.get(value) or value.replace('_', ' ')}"
    return f"{called_by}: {value:.3g}" if isinstance(value, float) else f"{called_by}: {value}"
