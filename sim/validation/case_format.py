"""Read cases: episodes in which a foreign force was proposed, each a YAML file, with what came kept apart.

The format stands in ``docs/cases.md``. All mistakes of all files are reported at once, each with its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field, ValidationError

from sim.reading.errors import Fault, InputError, Place, Route, fault
from sim.reading.files import Document, read_sound
from sim.reading.pydantic_errors import Entry, faults_of

KINDS: Final = ("observer", "un_blue_helmets", "neutral", "reassurance", "enforcement", "nato")
"""Kinds of mission that a case may discuss; those of the base ``theatre``."""
MOST_OPPONENTS = 8
_SUFFIXES = (".yaml", ".yml")

Kind = Literal["observer", "un_blue_helmets", "neutral", "reassurance", "enforcement", "nato"]
Word = Literal["accepts", "tolerates", "refuses", "unknown"]
Stance = Literal["opposed", "hesitant", "open", "pledged"]
Rung = Literal["none", "logistics", "air_cover", "reserve_force", "assurance", "troops"]
Seen = Literal["page", "memory"]
Text = Annotated[str, Field(min_length=1)]
Count = Annotated[float, Field(ge=0, le=1_000_000)]


def _is_day(raw: str) -> str:
    try:
        date.fromisoformat(raw)
    except ValueError:
        raise ValueError(f"{raw!r} is not a date; allowed: a day such as 1995-09-27") from None
    return raw


Day = Annotated[str, AfterValidator(_is_day)]


class Block(Entry):
    """A part of a case, with the mark of how it is known."""

    seen: Seen = "memory"


class Belligerent(Block):
    """A side of the war: its answer to the force as proposed, and by mission where that differs."""

    name: Text
    role: Literal["host", "opponent", "other"]
    consent: Word
    by_mission: dict[Kind, Word] = {}
    note: str | None = None

    def word(self, kind: str) -> str:
        """Return its answer to a kind of mission."""
        return self.by_mission.get(kind, self.consent)  # type: ignore[call-overload, no-any-return]


class Broker(Block):
    """The outside power whose help matters most, and the rung that it is said to offer."""

    name: Text
    backing: Rung
    note: str | None = None


class Patron(Block):
    """Who can lean on whom."""

    name: Text
    over: Text
    note: str | None = None


class Mandate(Block):
    """What is known of a mandate of the Security Council."""

    unsc: Literal["yes", "pending", "no", "threat", "vetoed"]
    note: str | None = None


class Sender(Block):
    """A lead or contributor: its stance, and what it waits for in free text."""

    name: Text
    stance: Stance
    condition: str | None = None


class Size(Block):
    """Troops that were discussed; None where nobody gave a figure."""

    low: Count | None
    likely: Count | None
    high: Count | None


class Battlefield(Block):
    """How the fighting stood, and who was ahead."""

    state: Literal["stalemate", "one_side_winning"]
    ahead: str | None = None


class Lever(Block):
    """A means of pressure, and whether it was used."""

    by: Text
    against: Text
    means: Text
    status: Literal["used", "threatened", "offered", "not used"]


class Outcome(Entry):
    """What came within 52 weeks. The converter never sees it."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    ceasefire_within_52w: bool
    force_formed_within_52w: bool
    force_week: Annotated[int, Field(ge=0, le=53)] | None = None
    kind: Literal["none", "observer", "un_blue_helmets", "neutral", "reassurance", "enforcement", "nato"] = "none"
    troops: Count | None = None
    lead: str | None = None
    note: str | None = None
    later: str | None = None


class Case(Entry):
    """What was public on the reference date; ``late`` and ``sources`` are for readers."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w-]*$")]
    title: Text
    region: Text
    conflict: Text
    reference_date: Day
    date_basis: str | None
    host: Text
    opponents: tuple[Text, ...]
    belligerents: Annotated[tuple[Belligerent, ...], Field(min_length=1)]
    broker: Broker | None
    patrons: tuple[Patron, ...]
    missions: Annotated[tuple[Kind, ...], Field(min_length=1)]
    mandate: Mandate
    leads: tuple[Sender, ...]
    contributors: tuple[Sender, ...]
    troops_discussed: Size
    ceasefire_at_reference: bool
    battlefield: Battlefield
    leverage: tuple[Lever, ...]
    seen: object = None
    late: object = None
    sources: object = None


class CodedCase(Entry):
    """A case with what came of it; None where that is not known yet."""

    case: Case
    outcome: Outcome | None


def read_cases(where: Path | str) -> list[CodedCase]:
    """Return the cases of a folder, by file name, or the case of one file.

    Raises
    ------
    InputError
        If there is none, or any has mistakes; the error lists all mistakes of all files.
    """
    cases, faults = list[CodedCase](), list[Fault]()
    for file in _files(Path(where)):
        try:
            cases.append(_read(read_sound(file)))
        except InputError as error:
            faults.extend(error.faults)
    faults += _twice(cases, Path(where))
    if faults:
        raise InputError(faults)
    return cases


def _files(where: Path) -> Sequence[Path]:
    if not where.is_dir():
        return [where]
    files = sorted(file for file in where.iterdir() if file.suffix in _SUFFIXES and not file.name.startswith("."))
    if not files:
        raise InputError([Fault(Place(str(where)), "", "no .yaml or .yml file of a case in this folder")])
    return files


def _read(document: Document) -> CodedCase:
    """Return the case in a document, each part validated by itself, so that no mistake hides another."""
    data = document.data
    if not isinstance(data, dict):
        raise InputError(document.faults or [fault(document.place(()), (), "expected a map of keys and values")])
    coded = {key: value for key, value in data.items() if key != "outcome"}
    case, faults = _validated(Case, Document(coded, document.places), ())
    outcome = None
    if data.get("outcome") is not None:
        outcome, more = _validated(Outcome, document, ("outcome",))
        faults += more
    if isinstance(case, Case):
        faults += _contradictions(case, document)
    if faults or document.faults or not isinstance(case, Case):
        raise InputError([*document.faults, *faults])
    return CodedCase(case=case, outcome=outcome if isinstance(outcome, Outcome) else None)


def _validated(model: type[Entry], document: Document, under: tuple[str, ...]) -> tuple[Entry | None, list[Fault]]:
    data = document.data
    for key in under:
        data = data[key]
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, faults_of(error, document, model, under)


def _contradictions(case: Case, document: Document) -> list[Fault]:
    """Return what single fields allow and a theatre does not: no side that could refuse, nobody who could send."""
    return [fault(document.place(route), route, message) for route, message in _clashes(case)]


def _clashes(case: Case) -> Iterator[tuple[Route, str]]:
    opponents = {*case.opponents, *(side.name for side in case.belligerents if side.role == "opponent")}
    hosts = {case.host, *(side.name for side in case.belligerents if side.role == "host")}
    if not 1 <= len(opponents) <= MOST_OPPONENTS:
        yield ("opponents",), f"a case has at least one opponent and at most {MOST_OPPONENTS}, got {len(opponents)}"
    if both := sorted(opponents & hosts):
        yield ("opponents",), f"{both[0]!r} is the host, and no opponent of itself"
    names = [side.name for side in case.belligerents]
    for at in (at for at, name in enumerate(names) if name in names[:at]):
        yield ("belligerents", str(at), "name"), f"{names[at]!r} stands twice; a side has one entry"
    if not case.contributors and not case.leads:
        yield ("contributors",), "a case has at least one contributor or lead"
    size = case.troops_discussed
    given = [each for each in (size.low, size.likely, size.high) if each is not None]
    if given != sorted(given):
        yield ("troops_discussed",), "expected low, likely and high in rising order"


def _twice(cases: Sequence[CodedCase], where: Path) -> list[Fault]:
    names = [each.case.id for each in cases]
    message = "the id stands in two files of the folder; a case has one of its own"
    return [Fault(Place(str(where)), name, message) for name in sorted({n for n in names if names.count(n) > 1})]
