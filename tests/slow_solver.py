"""Solvers that take long, for tests of what can be done meanwhile."""

from __future__ import annotations

import time
from typing import Any

from engine.prove import claims
from engine.prove.verdict import Outcome


def prove(*_: Any) -> None:
    time.sleep(60)


def late(*arguments: Any) -> Outcome:
    time.sleep(2)
    return claims.prove(*arguments)
