"""What tests of the explorer share; the ``subject`` of a page is each file's own."""

from __future__ import annotations

import pytest

from sim.explorer.controls import Subject
from sim.explorer.session import Session
from tests import worlds


@pytest.fixture
def session(subject: Subject) -> Session:
    return Session(subject)


@pytest.fixture(scope="module")
def shipped() -> Subject:
    return Subject(worlds.baseline())
