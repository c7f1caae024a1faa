"""Reads an event from text, such as ``european and troops >= 25000``; every mistake is reported with its column.

    event      = all {"or" all}
    all        = not {"and" not}
    not        = "not" not | "(" event ")" | single
    single     = EVENT ["by" ("week" | "month") NUMBER] | OUTCOME | FLAG | side SIGN side
    side       = NUMBER | name of a column of numbers or words | word of its scale

Recursive descent: a rule of the grammar is a method (Wirth 1976, Algorithms + Data Structures = Programs, chapter 5).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Literal, NamedTuple, NoReturn

from sim.ensemble.conditions import All, Compared, Known, Not, OneOf, Some, Tree, Yes, limit
from sim.ensemble.event_names import Kind, Name, in_kind, names
from sim.reading.errors import Fault, InputError, Place, suggestion
from sim.vocabulary import CONSENTS
from sim.words import LABELS, figure, label

MOST_SIGNS = 2_000
"""The longest event, in characters."""
MOST_DEEP = 50
"""The most parentheses and nots inside each other."""
MONTH = 52 / 12
"""Weeks in a month: 3, 6 and 12 months are weeks 13, 26 and 52."""
SIGNS: Final = ("<", "<=", "=", "==", "!=", ">=", ">")
_MEANT: Final = {"=>": ">=", "=<": "<=", "<>": "!=", "!": "!=", "===": "=="}
KEYWORDS: Final = ("and", "or", "not", "by")

_TOKEN: Final = re.compile(
    r"(?P<number>-?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w.,])|-?\d+(?:\.\d+)?(?![\w.]))"
    r"|(?P<name>[^\W\d]\w*)|(?P<sign>[<>=!]+)|(?P<open>\()|(?P<close>\))|(?P<strange>[\w.,]+|\S)"
)
_WHOLE: Final[tuple[Kind, ...]] = ("event", "outcome", "flag")
"""Kinds of names that stand by themselves."""
_FLIPPED: Final = {"<": ">", "<=": ">=", "=": "=", "!=": "!=", ">=": "<=", ">": "<"}
_NOTHING: Final = All(())
"""What stands where a mistake was, so that reading can go on."""


class _Token(NamedTuple):
    kind: Literal["number", "name", "sign", "open", "close", "strange", "end"]
    text: str
    column: int

    @property
    def keyword(self) -> str:
        """The keyword that it is, or nothing."""
        return self.text.lower() if self.kind == "name" and self.text.lower() in KEYWORDS else ""


class _GiveUp(Exception):
    """What follows cannot be read after this mistake."""


def check_text(text: object, where: str = "event") -> None:
    """Check that an event is given as text.

    Raises
    ------
    InputError
        If it is not.
    """
    if not isinstance(text, str):
        expected = f"expected a name or an expression, such as 'european', got {text!r}"
        raise InputError([Fault(Place(where, 1, 1), "", expected)])


def parse(
    text: str,
    missions: tuple[str, ...],
    where: str = "event",
    by_week: float | None = None,
    called: tuple[str, ...] = (),
) -> Tree:
    """Return the condition that a text means in a scenario with these missions.

    ``where`` names the text in faults, ``called`` are the missions' public names, for phrases. With ``by_week``, events
    without a week of their own are by that week.

    Raises
    ------
    InputError
        With every mistake that can be told apart, each with its column and what is allowed.
    """
    faults: list[Fault] = []

    def report(column: int, message: str) -> None:
        faults.append(Fault(Place(where, 1, column), "", message))

    if len(text) > MOST_SIGNS:
        report(1, f"an event has at most {MOST_SIGNS:,} characters, this one has {len(text):,}")
        raise InputError(faults)
    public = dict(zip(missions, called, strict=False))
    parser = _Parser(_tokens(text, report), names(missions, called), public, report, by_week)
    tree = parser.whole()
    if by_week is not None and not faults and not parser.events:
        report(1, "a week goes with an event; allowed: " + ", ".join(in_kind(names(missions), ("event",))))
    if faults:
        raise InputError(faults)
    return tree


def _tokens(text: str, report: Callable[[int, str], None]) -> list[_Token]:
    tokens = []
    for match in _TOKEN.finditer(text):
        kind, part, column = str(match.lastgroup), match.group(), match.start() + 1
        if kind == "strange":
            wrong = "is no number" if part[0].isdigit() else "is nothing that an event is made of"
            report(column, f"{part!r} {wrong}; allowed: names, numbers, {', '.join(SIGNS)}, and, or, not, ( and )")
            if not part[0].isalnum():
                continue
        elif kind == "sign" and part not in SIGNS:
            report(column, f"{part!r} is no comparison; {suggestion(_MEANT.get(part, part), SIGNS)}")
            part = "?"
        tokens.append(_Token(kind, part.replace("==", "="), column))  # type: ignore[arg-type]
    return [*tokens, _Token("end", "", len(text) + 1)]


class _Parser:
    """Reads tokens into a condition; mistakes are reported, and reading goes on where it can."""

    def __init__(
        self,
        tokens: list[_Token],
        known: dict[str, Name],
        public: dict[str, str],
        report: Callable[[int, str], None],
        by_week: float | None,
    ) -> None:
        self._tokens, self._known, self._report, self._by_week = tokens, known, report, by_week
        self._public = public
        self._at = self._deep = self.events = 0

    def whole(self) -> Tree:
        """Return the condition of all tokens."""
        parts = []
        try:
            parts.append(self._some())
            while self._now.kind != "end":
                if self._now.kind == "close":
                    self._report(self._now.column, "')' closes nothing")
                    self._next()
                else:
                    self._report(self._now.column, f"expected and, or, or the end, got {self._now.text!r}")
                if self._now.keyword in ("and", "or", "by"):
                    self._next()
                if self._now.kind not in ("end", "close"):
                    parts.append(self._some())
        except _GiveUp:
            return _NOTHING
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    @property
    def _now(self) -> _Token:
        return self._tokens[self._at]

    def _next(self) -> _Token:
        token = self._now
        self._at += token.kind != "end"
        return token

    def _some(self) -> Tree:
        return self._joined("or", lambda: self._joined("and", self._one, All), Some)

    def _joined(self, word: str, part: Callable[[], Tree], join: type[All] | type[Some]) -> Tree:
        parts = [part()]
        while self._now.keyword == word:
            self._next()
            parts.append(part())
        return parts[0] if len(parts) == 1 else join(tuple(parts))

    def _one(self) -> Tree:
        if self._now.keyword == "not" or self._now.kind == "open":
            self._deep += 1
            if self._deep > MOST_DEEP:
                self._stop(f"more than {MOST_DEEP} parentheses and nots inside each other")
            tree = self._not() if self._now.keyword else self._parenthesis()
            self._deep -= 1
            return tree
        return self._single()

    def _stop(self, message: str) -> NoReturn:
        self._report(self._now.column, message)
        raise _GiveUp

    def _not(self) -> Tree:
        self._next()
        return Not(self._one())

    def _parenthesis(self) -> Tree:
        opening = self._next()
        tree = self._some()
        while self._now.kind not in ("close", "end"):
            self._report(self._now.column, f"expected and, or or ')', got {self._now.text!r}")
            if self._now.keyword:
                self._next()
            if self._now.kind not in ("close", "end"):
                self._some()
        if self._next().kind == "end":
            self._report(opening.column, "this parenthesis is not closed")
        return tree

    def _single(self) -> Tree:
        left = self._side()
        if self._now.kind == "sign":
            return self._compared(left, self._next(), self._side())
        return self._whole(left) if left is not None else _NOTHING

    def _side(self) -> _Token | None:
        """Return the next name or number; if none comes, None, and nothing is consumed."""
        if self._now.kind in ("name", "number", "strange") and not self._now.keyword:
            return self._next()
        got = repr(self._now.text) if self._now.text else "the end"
        self._report(self._now.column, f"expected a name or a number, got {got}")
        if self._now.kind == "sign" and self._tokens[self._at + 1].kind == "sign":
            self._next()
        return None

    def _whole(self, token: _Token) -> Tree:
        """Return what a name means that stands by itself, and the week after it."""
        name = self._known.get(token.text)
        week = self._week(name)
        if token.kind == "number" or name is None or name.kind not in _WHOLE:
            if token.kind != "strange":
                self._report(token.column, self._no_whole(token, name))
            return _NOTHING
        if name.kind == "event":
            self.events += 1
            by_week = self._by_week if week is None else week
            words = name.phrase if by_week is None else f"{name.phrase} by week {by_week:g}"
            return Known(name.column, words, by_week, name.of_force)
        if name.kind == "flag":
            return Yes(name.column, name.phrase, name.of_force)
        return OneOf(name.column, (token.text,), name.phrase, name.of_force)

    def _no_whole(self, token: _Token, name: Name | None) -> str:
        if token.kind == "number":
            return f"{token.text} is a number: compare it with a name, such as troops >= {token.text}"
        if name is not None:
            what, example = ("number", "1") if name.kind == "number" else ("word", name.words[0])
            sign = ">=" if name.ordered or name.kind == "number" else "="
            return f"{token.text!r} is a {what}: compare it, such as {token.text} {sign} {example}"
        scales = sorted((other for other, about in self._known.items() if token.text in about.words), key=len)
        if scales:
            return f"{token.text!r} is a word of {', '.join(scales)}: compare it, such as {scales[0]} = {token.text}"
        return f"{token.text!r} is no name; {suggestion(token.text, self._known)}"

    def _week(self, name: Name | None) -> float | None:
        """Return the week that ``by week N`` or ``by month N`` means, if that comes next."""
        if self._now.keyword != "by":
            return None
        by = self._next()
        if name is not None and name.kind != "event":
            self._report(
                by.column, f"a week goes with an event; allowed: {', '.join(in_kind(self._known, ('event',)))}"
            )
        unit = self._next() if self._now.kind == "name" and not self._now.keyword else None
        number = self._next() if self._now.kind == "number" else None
        if unit is None or unit.text not in ("week", "month") or number is None:
            self._report(by.column, "expected by week N or by month N")
            return 0.0
        weeks = _value(number)
        return float(round(weeks * MONTH)) if unit.text == "month" else weeks

    def _compared(self, left: _Token | None, sign: _Token, right: _Token | None) -> Tree:
        if self._now.kind == "sign":
            self._stop("a comparison has two sides; join two with and")
        if left is None or right is None or "strange" in (left.kind, right.kind):
            for token in filter(None, (left, right)):
                if token.kind == "name":
                    self._look_up(token)
            return _NOTHING
        if left.kind == "number" or (left.text not in self._known and right.text in self._known):
            left, right, sign = right, left, sign._replace(text=_FLIPPED.get(sign.text, "?"))
        name = self._look_up(left)
        if name is None:
            return _NOTHING
        if name.kind in _WHOLE:
            hint = f"; for its week: {name.column}" if name.kind == "event" else ""
            self._report(left.column, f"{left.text!r} is yes or no: write {left.text} or not {left.text}{hint}")
            return _NOTHING
        if name.kind == "word":
            return self._words(left, name, sign, right)
        return self._numbers(name, sign, right)

    def _look_up(self, token: _Token) -> Name | None:
        if token.kind == "number":
            self._report(token.column, f"{token.text} is compared with a number; allowed: a name on one side")
            return None
        name = self._known.get(token.text)
        if name is None:
            self._report(token.column, self._no_side(token))
        return name

    def _no_side(self, token: _Token) -> str:
        if any(token.text in about.words for about in self._known.values()):
            return self._no_whole(token, None)
        return f"{token.text!r} is no name; {suggestion(token.text, in_kind(self._known, ('number', 'word')))}"

    def _numbers(self, name: Name, sign: _Token, right: _Token) -> Tree:
        other = self._known.get(right.text)
        if right.kind != "number" and (other is None or other.kind != "number"):
            allowed = suggestion(right.text, in_kind(self._known, ("number",)))
            self._report(right.column, f"{right.text!r} is no number and names none; a number, or {allowed}")
            return _NOTHING
        if sign.text == "?":
            return _NOTHING
        if other is not None:
            words = f"{label(name.column)} {sign.text} {label(other.column)}"
            return Compared(name.column, sign.text, other.column, words, name.of_force)
        words = _counted(name.phrase, sign.text, _value(right))
        return Compared(name.column, sign.text, _value(right), words, name.of_force)

    def _word(self, word: str) -> str:
        """Return a word as a phrase has it: a mission by its public name, in quotes."""
        return f"“{self._public[word]}”" if word in self._public and word not in LABELS else label(word)

    def _words(self, left: _Token, name: Name, sign: _Token, right: _Token) -> Tree:
        if right.text not in name.words:
            self._report(
                right.column, f"{right.text!r} is no word of {left.text}; {suggestion(right.text, name.words)}"
            )
            return _NOTHING
        if not name.ordered and sign.text not in ("=", "!=", "?"):
            self._report(sign.column, f"the words of {left.text} have no order; allowed: =, !=")
            return _NOTHING
        if sign.text == "?":
            return _NOTHING
        at = name.words.index(right.text)
        chosen = tuple(word for place, word in enumerate(name.words) if _MEETS[sign.text](place, at))
        word = self._word(right.text) if name.words != CONSENTS else f"“{right.text}”"
        return OneOf(name.column, chosen, name.phrase.format(limit(sign.text, word)), name.of_force)


_MEETS: Final[dict[str, Callable[[int, int], bool]]] = {
    "<": lambda place, at: place < at,
    "<=": lambda place, at: place <= at,
    "=": lambda place, at: place == at,
    "!=": lambda place, at: place != at,
    ">=": lambda place, at: place >= at,
    ">": lambda place, at: place > at,
}


def _value(token: _Token) -> float:
    return float(token.text.replace(",", ""))


def _counted(phrase: str, sign: str, value: float) -> str:
    """Return a phrase with a limit; of 1, what is counted stands in the singular."""
    if value == 1.0 and phrase.startswith("{} "):
        first, _, rest = phrase.removeprefix("{} ").partition(" ")
        phrase = " ".join(filter(None, ["{}", first.removesuffix("s"), rest]))
    return phrase.format(limit(sign, figure(value) if abs(value) < 1000 else f"{value:,.10g}"))
