"""Import matplotlib, and report an unknown backend as other mistakes are reported."""

from __future__ import annotations

import os
import re

from sim.reading.errors import Fault, InputError, Place, suggestion

_VARIABLE = "MPLBACKEND"


def load_matplotlib() -> None:
    """Import matplotlib for the first time.

    Raises
    ------
    InputError
        If the environment names a backend that there is none of; matplotlib cannot be imported then.
    """
    try:
        import matplotlib as matplotlib
    except ValueError as error:
        wanted = os.environ.get(_VARIABLE, "")
        if not wanted or wanted not in str(error):
            raise
        known = re.findall(r"'(\w+)'", str(error).rpartition("[")[2])
        message = f"{wanted!r} is no backend of matplotlib; {suggestion(wanted, known)}; or unset {_VARIABLE}"
        raise InputError([Fault(Place(_VARIABLE), "", message)]) from None


load_matplotlib()
