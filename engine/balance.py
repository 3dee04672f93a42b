"""The three figures a subscriber sees of a service at an instant. Each is a sum of postings."""

from __future__ import annotations

from engine.calendar import Instant
from engine.past import Balance as Balance
from engine.past import Past
from engine.run import Run


def balance(run: Run, service: str, at: Instant) -> Balance:
    """For one look; who looks often keeps a `Past`."""
    return Past(run).balance(service, at)
