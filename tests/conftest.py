"""Shared by all tests: nothing is read from, or left in, the cache of whoever runs them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tui.language import ENGLISH
from tui.saying import speak


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLOVER_CACHE", str(_folder(tmp_path_factory)))


@pytest.fixture(autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what is kept for the next start, one for each test; made by whoever keeps something."""
    folder = tmp_path_factory.getbasetemp() / f"state-{uuid4().hex}"
    monkeypatch.setenv("ROLLOVER_STATE", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Whoever spoke another language does so to the end of the test."""
    yield
    speak(ENGLISH)


def _folder(factory: pytest.TempPathFactory) -> Path:
    """One folder for a whole run: the grammar is digested once, not once a test."""
    found = factory.getbasetemp() / "rollover-cache"
    found.mkdir(mode=0o700, exist_ok=True)
    return found
