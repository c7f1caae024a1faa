"""Who plays which part in a case: the keys of its actors, and whom a name means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sim.validation.case_format import Belligerent, Case, Sender
from sim.validation.case_names import is_one_party, key_of

COUNCIL: Final = "security_council"
OTHERS: Final = "others_who_may_follow"


@dataclass(frozen=True)
class Parties:
    """The actors of a case, by key; ``broker`` is the key of the broker, if there is one.

    ``senders`` are leads and contributors but for those who fight, ``leads`` the keys of those that lead, ``patrons``
    the names of patrons and of sources of leverage that play no other part.
    """

    host: str
    opponents: dict[str, Belligerent]
    host_side: Belligerent
    broker: str | None
    senders: dict[str, Sender]
    leads: tuple[str, ...]
    patrons: dict[str, str]
    names: dict[str, str]

    def belligerents(self, name: str) -> list[str]:
        """Return the host and opponents that a name means."""
        sides = {self.host: self.host_side, **self.opponents}
        return [key for key, side in sides.items() if is_one_party(name, side.name)]

    def source(self, name: str) -> str:
        """Return the key of the actor that a name means; belligerents, broker and senders come before patrons."""
        exact = [key for key, known in self.names.items() if _same(known, name)]
        return exact[0] if exact else next(key for key, known in self.names.items() if is_one_party(known, name))


def parties_of(case: Case) -> Parties:
    """Return who plays which part in a case."""
    names = dict[str, str]()
    host_side, opponents = _sides(case)
    host = _named(names, host_side.name)
    against = {_named(names, side.name): side for side in opponents}
    fighting = [host_side.name, *(side.name for side in opponents)]
    broker = None
    if case.broker is not None and not _is_any(case.broker.name, fighting):
        broker = _named(names, case.broker.name)
    senders, leads = dict[str, Sender](), list[str]()
    for sender, does_lead in _senders(case):
        if _is_any(sender.name, fighting):
            continue
        key = broker if broker is not None and is_one_party(sender.name, names[broker]) else _named(names, sender.name)
        senders.setdefault(key, sender)
        leads += [key] * (does_lead and key not in leads)
    patrons = dict(_patrons(case, names))
    return Parties(host, against, host_side, broker, senders, tuple(leads), patrons, names)


def _sides(case: Case) -> tuple[Belligerent, list[Belligerent]]:
    """Return the host and the opponents; who is named and not described has an unknown answer."""
    hosts = [side for side in case.belligerents if side.role == "host"]
    host = hosts[0] if hosts else Belligerent(name=case.host, role="host", consent="unknown")
    opponents = [side for side in case.belligerents if side.role == "opponent"]
    others = [side for side in case.belligerents if side.role == "other"]
    for name in case.opponents:
        if not any(is_one_party(name, side.name) for side in opponents):
            described = [side for side in others if is_one_party(name, side.name)]
            opponents.append(described[0] if described else Belligerent(name=name, role="opponent", consent="unknown"))
    return host, opponents


def _senders(case: Case) -> Iterator[tuple[Sender, bool]]:
    """Yield contributors, then leads, each with whether it leads; a contributor's own entry comes first."""
    for sender in case.contributors:
        yield sender, any(_same(sender.name, lead.name) for lead in case.leads)
    for lead in case.leads:
        yield lead, True


def _patrons(case: Case, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    sources = [*(patron.name for patron in case.patrons), *(lever.by for lever in case.leverage)]
    for name in sources:
        if not any(_same(known, name) or is_one_party(known, name) for known in names.values()):
            yield _named(names, name), name


def _named(names: dict[str, str], name: str) -> str:
    """Return the key of a name, a new one if it has none yet."""
    known = [key for key, other in names.items() if _same(other, name)]
    key = known[0] if known else key_of(name, [*names, COUNCIL, OTHERS])
    names[key] = name if not known else names[key]
    return key


def _is_any(name: str, others: Iterable[str]) -> bool:
    return any(is_one_party(name, other) for other in others)


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
