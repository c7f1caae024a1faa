"""Libraries that only some analyses use: imported when needed, and named in one line where they are missing."""

from __future__ import annotations

import warnings
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

_EXTRA = {"openpyxl": "excel"}
"""Extras of libraries that are not of ``analysis``."""


def needed(module: str) -> ModuleType:
    """Return a module of a library that comes with an extra, mostly ``analysis``.

    Raises
    ------
    ValueError
        If the library is not installed.
    """
    library = module.partition(".")[0]
    if find_spec(library) is None:
        extra = _EXTRA.get(library, "analysis")
        raise ValueError(f"this needs {library}, which is not installed; pip install -e '.[{extra}]' adds it")
    with warnings.catch_warnings():  # some warn of libraries that they could use as well
        warnings.simplefilter("ignore")
        return import_module(module)
