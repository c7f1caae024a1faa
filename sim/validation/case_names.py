"""Names in a case: keys for actors, and which names mean one party."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_BETWEEN = re.compile(r"\s+(?:and|with|und|et)\s+|[,;/&()\[\]]")
_LONGEST = 40


def key_of(name: str, taken: Iterable[str] = ()) -> str:
    r"""Return a key for an actor: small letters, digits and underscores, unlike those that are taken.

    >>> key_of("Nördland / \"Old\" (NL)"), key_of("Sava", ["sava"]), key_of("任")
    ('nordland_old_nl', 'sava_2', 'actor')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST].strip("_") or "actor"
    key = key if key[0].isalpha() else f"a_{key}"
    known, count, own = set(taken), 2, key
    while own in known:
        own, count = f"{key}_{count}", count + 1
    return own


def parts_of_name(name: str) -> set[str]:
    """Return a name and the names that it joins, in small letters.

    >>> sorted(parts_of_name("Sava and Drava"))
    ['drava', 'sava', 'sava and drava']
    """
    whole = " ".join(name.casefold().split())
    parts = {" ".join(part.casefold().split()) for part in _BETWEEN.split(name)}
    return (parts | {whole}) - {""}


def is_one_party(one: str, other: str) -> bool:
    """Return whether two names, or names that they join, are the same words.

    >>> is_one_party("Drava", "Rebels with Drava"), is_one_party("Sava", "Upper Sava")
    (True, False)
    """
    return bool(parts_of_name(one) & parts_of_name(other))


def words_of(text: str | None) -> set[str]:
    """Return the words of a free text, in small letters.

    >>> sorted(words_of("UN mandate; Drava's consent"))
    ['consent', 'drava', 'mandate', 'un']
    """
    return {word.casefold().removesuffix("'s").removesuffix("’s") for word in re.findall(r"[^\W_][\w'’-]*", text or "")}
