"""Addresses of ensembles, such as ``s3://bucket/runs``, and the folders here that stand for them.

Each address has a path below the user's cache: programs that know paths alone, pyarrow and DuckDB among them, find
there what was fetched. Whatever is read or written below it goes to the store (:mod:`sim.ensemble.object_store`).
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from sim.reading import user_cache

_FOLDER = "sim-addresses"
_ADDRESS = re.compile(r"([A-Za-z][\w+.-]+):/+(.*)")
_EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gcs", "gcs": "gcs", "az": "azure", "abfs": "azure", "abfss": "azure"}
"""The extra of this package that brings what a kind of address needs."""
_NO_STORES = ("data", "http", "https")
"""What fsspec reads and cannot write."""
_homes: set[str] = set()
"""Where addresses have their folders, once this process has asked for one: others need not look."""


def is_address(text: str) -> bool:
    """Return whether a text is an address rather than the path of a folder.

    >>> is_address("s3://bucket/runs"), is_address("runs/first")
    (True, False)
    """
    return _ADDRESS.fullmatch(text) is not None


def folder_of(address: str) -> Path:
    """Return the folder here that stands for an address, or for a ``file://`` the folder itself.

    Raises
    ------
    ValueError
        If no store of this kind is known, what speaks to it is not installed, or there is no cache for what is read.
    """
    kind, rest = _parts_of(address)
    address = f"{kind}://{rest}"
    if kind in ("file", "local"):
        return Path(f"/{rest}")
    _check_kind(kind, address)
    if not rest or any(part in ("", ".", "..") for part in rest.split("/")):
        raise ValueError(f"{address} names no folder in a bucket, such as s3://bucket/runs/first")
    home = user_cache.folder(_FOLDER)
    if home is None:
        raise ValueError(f"{address}: nothing read from it can be kept here; let XDG_CACHE_HOME name a folder of yours")
    _homes.add(f"{home.resolve()}{os.sep}")
    return home.resolve() / kind / rest


def address_of(path: Path) -> str | None:
    """Return the address that a path here stands for; None for a file or folder of this machine."""
    text = os.fspath(path)
    for home in _homes:
        if text.startswith(home):
            kind, _, rest = text[len(home) :].partition(os.sep)
            return f"{kind}://{rest.replace(os.sep, '/')}" if rest else None
    return None


def shown(path: Path) -> str:
    """Return a path as a reader knows it: an address where it stands for one."""
    return address_of(path) or str(path)


def _parts_of(address: str) -> tuple[str, str]:
    """Return the kind of an address and what follows; one slash may be missing, as paths drop a second one."""
    matched = _ADDRESS.fullmatch(address)
    if matched is None:
        raise ValueError(f"{address!r} is no address, such as s3://bucket/runs")
    return matched[1].lower(), matched[2].strip("/")


def _check_kind(kind: str, address: str) -> None:
    extra = _EXTRAS.get(kind)
    hint = f"pip install 'sim[{extra}]'" if extra else "install the package of fsspec that speaks to it"
    try:
        from fsspec import get_filesystem_class
        from fsspec.registry import known_implementations, registry
    except ImportError:
        raise ValueError(f"{address} is an address, which needs fsspec: {hint}") from None
    if kind in _NO_STORES or kind not in {*known_implementations, *registry}:
        allowed = ", ".join(dict.fromkeys(_EXTRAS))
        raise ValueError(f"{address}: {kind!r} is no store that an ensemble can be written to; allowed: {allowed}")
    try:
        get_filesystem_class(kind)
    except ImportError as error:
        raise ValueError(f"{address} is an address, which needs another package ({error}): {hint}") from None
