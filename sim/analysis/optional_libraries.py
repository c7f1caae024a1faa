"""Libraries that only some analyses use: imported when needed, and named in one line where they are missing."""

from __future__ import annotations

import warnings
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


def needed(module: str) -> ModuleType:
    """Return a module of a library that comes with the extra ``analysis``.

    Raises
    ------
    ValueError
        If the library is not installed.
    """
    library = module.partition(".")[0]
    if find_spec(library) is None:
        raise ValueError(f"this needs {library}, which is not installed; pip install -e '.[analysis]' adds it")
    with warnings.catch_warnings():  # some warn of libraries that they could use as well
        warnings.simplefilter("ignore")
        return import_module(module)
