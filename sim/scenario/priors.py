"""Uncertain numbers: the five forms that a config may give, and the inverse CDF that draws a value.

The forms are a plain number (fixed), ``low``/``high`` (uniform), ``low``/``likely``/``high`` (triangular), shares of
words (choice; the value is the position of the word in its scale), and ``by``: one of these by each of several people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import vocabulary
from sim.reading.errors import suggestion
from sim.scenario import linear_pool
from sim.scenario.linear_pool import Expert

Kind = Literal["fixed", "uniform", "triangular", "choice", "pool"]
ANYTHING = float("inf")
Bound = float | NDArray[np.float64]
_FORMS = "write 0.4, 40%, or a map of low, likely, high"
_ENDS = {2: ("low", "high"), 3: ("low", "likely", "high")}
HUGE = 1e9
"""Scales of ours are of the order of 1, troops of a million at most; a number some way beyond this would overflow in a
rule."""


class Prior(NamedTuple):
    """An uncertain number.

    ``kind`` names its shape; ``numbers`` are (value,), (low, high), (low, likely, high), or the shares of the words of
    ``words`` in that order, which sum to 1; ``words`` is empty unless it is a choice. Where several people judge it,
    ``experts`` has what each said, and the numbers are those of their linear pool: of a choice the mean shares, else
    (lowest, highest). No value may lie outside ``allowed``, whatever replaces what is drawn.
    """

    kind: Kind
    numbers: tuple[float, ...]
    words: tuple[str, ...] = ()
    allowed: tuple[float, float] = (-ANYTHING, ANYTHING)
    experts: tuple[Expert, ...] = ()

    @property
    def low(self) -> float:
        """Smallest value that can be drawn."""
        return float(_possible(self)[0]) if self.words else self.numbers[0]

    @property
    def high(self) -> float:
        """Largest value that can be drawn."""
        return float(_possible(self)[-1]) if self.words else self.numbers[-1]

    @property
    def uncertain(self) -> bool:
        """Whether more than one value can be drawn."""
        return self.low < self.high

    def __str__(self) -> str:
        if self.words:
            return shares_text(self.words, self.numbers)
        if self.experts:
            return "; ".join(f"{expert.name} {numbers_text(expert.numbers)}" for expert in self.experts)
        return numbers_text(self.numbers)


def numbers_text(numbers: Sequence[float]) -> str:
    """Return a number as a config's reader sees it: its bounds, with the likely value between them."""
    return " .. ".join(f"{number:g}" for number in numbers)


def shares_text(words: Sequence[str], numbers: Sequence[float]) -> str:
    """Return a choice as a config's reader sees it: the words that have a share, or the one word that has all."""
    shares = [(word, share) for word, share in zip(words, numbers, strict=True) if share]
    return " / ".join(f"{word} {share:.0%}" for word, share in shares) if len(shares) > 1 else shares[0][0]


def quantile(prior: Prior, u: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Return the values of ``prior`` at the probabilities ``u``, in [0, 1): its inverse CDF, nondecreasing in ``u``.

    A triangular number with mode m on [a, b] has :math:`F^{-1}(u) = a + \sqrt{u (b-a)(m-a)}` up to u = (m-a)/(b-a), and
    :math:`b - \sqrt{(1-u)(b-a)(b-m)}` beyond.

    >>> quantile(Prior("triangular", (0.0, 1.0, 2.0)), np.array([0.0, 0.5]))
    array([0., 1.])
    """
    u = np.asarray(u, dtype=np.float64)
    if prior.kind == "fixed":
        return np.full(u.shape, prior.numbers[0])
    if prior.kind == "uniform":
        low, high = prior.numbers
        return low + u * (high - low)
    if prior.kind == "triangular":
        return _triangular(u, *prior.numbers)
    if prior.kind == "pool":
        return linear_pool.quantile(prior.experts, u)
    position = np.searchsorted(np.cumsum(prior.numbers)[:-1], u, side="right")
    return np.minimum(position, prior.high).astype(np.float64)  # shares may add up to a little less than 1


def quantiles(priors: Sequence[Prior], u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values of many priors at the probabilities ``u``, both of shape (priors, runs).

    The numbers equal those of :func:`quantile`. The triangular priors, nearly all of them, are computed together.
    """
    values = np.empty(u.shape)
    at = [place for place, prior in enumerate(priors) if prior.kind == "triangular"]
    if at:
        low, likely, high = (column[:, None] for column in np.array([priors[place].numbers for place in at]).T)
        values[at] = _triangular(u[at], low, likely, high)
    for place, prior in enumerate(priors):
        if prior.kind != "triangular":
            values[place] = quantile(prior, u[place])
    return values


def _triangular(u: NDArray[np.float64], low: Bound, likely: Bound, high: Bound) -> NDArray[np.float64]:
    width = high - low
    left = low + np.sqrt(u * width * (likely - low))
    right = high - np.sqrt((1.0 - u) * width * (high - likely))
    return np.where(u * width <= likely - low, left, right)


def number(raw: object, low: float = -ANYTHING, high: float = ANYTHING) -> Prior:
    """Return the uncertain number written as ``raw``, all of whose values lie in [``low``, ``high``].

    Raises
    ------
    ValueError
        If ``raw`` is none of the shapes, its limits are out of order, or a value is not allowed.

    >>> number({"low": "40%", "high": 1}).numbers
    (0.4, 1.0)
    """
    if not isinstance(raw, Mapping):
        return _with_bounds(Prior("fixed", (plain(raw),)), low, high)
    if "by" in raw:
        return _with_bounds(_pool(raw), low, high)
    keys = [key for key in raw if key not in vocabulary.REASON_KEYS]
    strange = [key for key in keys if key not in ("low", "likely", "high")]
    if strange:
        raise ValueError(f"{strange[0]!r} is no part of a number; {suggestion(strange[0], ('low', 'likely', 'high'))}")
    if keys == ["likely"]:
        return _with_bounds(Prior("fixed", (plain(raw["likely"]),)), low, high)
    if not {"low", "high"} <= set(keys):
        got = " and ".join(keys) if keys else "reasons alone"
        raise ValueError(f"a number is plain, or has low and high, or low, likely and high; got {got}")
    values = tuple(plain(raw[key]) for key in ("low", "likely", "high") if key in raw)
    if list(values) != sorted(values):
        raise ValueError(f"low, likely, high must not fall, got {', '.join(f'{value:g}' for value in values)}")
    return _with_bounds(Prior("triangular" if len(values) == 3 else "uniform", values), low, high)


def choice(raw: object, scale: str) -> Prior:
    """Return the choice written as ``raw``: a word of ``scale``, or shares of its words that sum to 100%.

    Raises
    ------
    ValueError
        If a word is not of the scale, a share is no share, or the shares do not sum to 100%.

    >>> choice({"hesitant": "60%", "open": "40%"}, "stance").numbers
    (0.0, 0.6, 0.4, 0.0)
    """
    words = vocabulary.SCALES[scale]
    if isinstance(raw, Mapping) and "by" in raw:
        experts = _experts(raw, lambda one: choice(one, scale))
        mixed = (sum(expert.weight * expert.numbers[at] for expert in experts) for at in range(len(words)))
        return Prior("choice", tuple(mixed), words, experts=experts)
    if isinstance(raw, Mapping):
        shares = {word: raw[word] for word in raw if word not in vocabulary.REASON_KEYS}
        if list(shares) == ["likely"]:
            return choice(shares["likely"], scale)
    else:
        shares = {_word(raw): 1.0}
    for word in shares:
        if word not in words:
            raise ValueError(
                f"{word!r} is not {'an' if scale[0] in 'aeiou' else 'a'} {scale}; {suggestion(word, words)}"
            )
    numbers = tuple(plain(shares.get(word, 0.0)) for word in words)
    if wrong := [number for number in numbers if not 0.0 <= number <= 1.0]:
        worst = max(wrong)
        as_share = f"; write {worst:g}%" if 10.0 <= worst <= 100.0 else ""
        raise ValueError(f"a share lies between 0% and 100%, got {worst:g}{as_share}")
    if abs(sum(numbers) - 1.0) > 1e-9:
        raise ValueError(f"the shares sum to {sum(numbers):.4g}, must sum to 100%")
    return Prior("choice", numbers, words)


def _pool(raw: Mapping[str, Any]) -> Prior:
    experts = _experts(raw, number)
    bounds = [bound for expert in experts for bound in expert.numbers]
    return Prior("pool", (min(bounds), max(bounds)), experts=experts)


def _experts(raw: Mapping[str, Any], read: Callable[[object], Prior]) -> tuple[Expert, ...]:
    """Return what each of several people says of a number, with weights that sum to 1."""
    strange = [key for key in raw if key not in (*vocabulary.REASON_KEYS, "by", "weights")]
    if strange:
        raise ValueError(f"{strange[0]!r} does not go with by; {suggestion(strange[0], ('by', 'weights'))}")
    people, weights = raw["by"], raw.get("weights", {})
    if not isinstance(people, Mapping) or not people:
        raise ValueError("by is a map of names to what each says of the number")
    if not isinstance(weights, Mapping) or (weights and set(weights) != set(people)):
        raise ValueError(f"weights gives each of {', '.join(map(str, people))} a weight, and nobody else")
    heavy = {name: plain(weights.get(name, 1.0)) for name in people}
    if min(heavy.values()) <= 0.0:
        raise ValueError("a weight is more than 0")
    total, judgements = sum(heavy.values()), dict[str, Prior]()
    for name, one in people.items():
        try:
            judgements[str(name)] = read(one)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        if judgements[str(name)].experts:
            raise ValueError(f"{name}: one person's number has no by of its own")
    return tuple(Expert(name, heavy[name] / total, prior.numbers) for name, prior in judgements.items())


def plain(raw: object) -> float:
    """Return a plain number; ``60%`` is 0.6.

    Raises
    ------
    ValueError
        If ``raw`` is not a finite number.
    """
    text = raw.strip() if isinstance(raw, str) else raw
    try:
        if isinstance(text, bool) or text is None:
            raise TypeError
        value = float(text[:-1]) / 100.0 if isinstance(text, str) and text.endswith("%") else float(text)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{_short(raw)} is not a number; {meant(raw) or _FORMS}") from None
    if not isfinite(value):
        raise ValueError(f"{_short(raw)} is not a finite number")
    return value


def code_of(prior: Prior, value: Any) -> float:
    """Return the code of ``value``: a word's position for a choice, else the number itself.

    Raises
    ------
    ValueError
        If the word is not one of the choice's, or the value is no finite number or not allowed.
    """
    if prior.words and isinstance(value, str):
        if value not in prior.words:
            raise ValueError(f"{value!r} is not among the words; {suggestion(value, prior.words)}")
        return float(prior.words.index(value))
    code = plain(value)
    if prior.words and code not in range(len(prior.words)):
        raise ValueError(f"{value!r} is no position among {', '.join(prior.words)}")
    _within(code, *prior.allowed)
    return code


def meant(raw: object) -> str:
    r"""Return how to write a number that somebody wrote as people do elsewhere; empty if it is not plain what is meant.

    >>> meant("0,4"), meant("3 000 troops"), meant("1-4 weeks")
    ('write 0.4, with a point', 'write 3000, digits alone', 'write {low: 1, high: 4}')
    >>> meant("\u22120.5")
    'write -0.5, with the hyphen of the keyboard'
    """
    if isinstance(raw, list) and len(raw) in (2, 3) and all(isinstance(each, int | float) for each in raw):
        return f"write {{{', '.join(f'{key}: {each:g}' for key, each in zip(_ENDS[len(raw)], raw, strict=True))}}}"
    text = raw.strip().lower() if isinstance(raw, str) else ""
    if minus := re.fullmatch(r"[\u2010-\u2015\u2212] ?(\d+(?:[.]\d+)?%?)", text):
        return f"write -{minus[1]}, with the hyphen of the keyboard"
    if re.fullmatch(r"\d{4}-\d\d?-\d\d?", text):
        return "no date stands here; write a number of weeks from the start"
    if whole := re.fullmatch(r"(-?\d+(?:[.]\d+)?) ?(k|m|thousand)", text):
        return f"write {float(whole[1]) * (1e6 if whole[2] == 'm' else 1e3):.0f}, digits alone"
    if whole := re.fullmatch(r"(-?[1-9]\d{0,2}(?:[ ,'_\u00a0\u2009\u202f]\d{3})+)(?: ?[a-z]+)?", text):
        return f"write {re.sub(r'[^-0-9]', '', whole[1])}, digits alone"
    if decimal := re.fullmatch(r"(-?\d+),(\d+ ?%?)", text):
        return f"write {decimal[1]}.{decimal[2]}, with a point"
    if share := re.fullmatch(r"(-?\d+(?:[.]\d+)?) ?(?:percent|per cent|pct|p\.?c\.?)", text):
        return f"write {share[1]}%"
    if ends := re.fullmatch(r"(-?\d+(?:[.]\d+)?%?) ?(?:-|\u2013|to|\.\.+) ?(-?\d+(?:[.]\d+)?%?)(?: ?[a-z]+)?", text):
        return f"write {{low: {ends[1]}, high: {ends[2]}}}"
    unit = re.fullmatch(r"(-?\d+(?:[.]\d+)?) ?[a-z]+", text)
    return f"write {unit[1]}, without a unit" if unit else ""


def _word(raw: object) -> str:
    return raw if isinstance(raw, str) else _short(raw)


def _short(raw: object) -> str:
    text = str(raw).lower() if isinstance(raw, bool) else "an empty value" if raw is None else repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."


def _possible(prior: Prior) -> list[int]:
    return [position for position, share in enumerate(prior.numbers) if share > 0.0]


def _with_bounds(prior: Prior, low: float, high: float) -> Prior:
    for value in prior.numbers:
        _within(value, low, high)
    return prior._replace(allowed=(low, high))


def _within(value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        as_share = f"; write {value:g}% for a share" if (low, high) == (0.0, 1.0) and 10.0 <= value <= 100.0 else ""
        raise ValueError(f"{_figure(value)} is outside what is allowed, {_range(low, high)}{as_share}")
    if abs(value) > HUGE:
        raise ValueError(
            f"{_figure(value)} is larger than a number may be, {_figure(HUGE)} at most on either side of 0"
        )


def _range(low: float, high: float) -> str:
    if high == ANYTHING:
        return f"{_figure(low)} or more"
    return f"{_figure(high)} or less" if low == -ANYTHING else f"{_figure(low)} to {_figure(high)}"


def _figure(value: float) -> str:
    """Return a number as people write it: 1,000,000 rather than 1e+06."""
    return f"{value:,.0f}" if value == round(value) and 1e4 <= abs(value) < 1e16 else f"{value:g}"
