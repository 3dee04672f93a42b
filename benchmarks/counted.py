"""A counted run: numbered cases until so many cycles are counted, or the time is up. A case that differs is written to a
folder, as a plan and why, and the last line says where to go on."""

from __future__ import annotations

import argparse
import gc
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Counted(ABC):
    first: int
    folder: Path  # of cases that differ
    cycles: int = 0
    differing: list[int] = field(default_factory=list)
    began: float = field(default_factory=time.perf_counter)

    @abstractmethod
    def do(self, number: int) -> None:
        """One case: counts its cycles, or says how it `differs`."""

    @abstractmethod
    def told(self) -> str:
        """What was counted so far, without its full stop."""

    def differs(self, number: int, text: str, why: str) -> None:
        self.differing.append(number)
        self.folder.mkdir(parents=True, exist_ok=True)
        said = "".join(f"# {line}\n" for line in f"case {number}: {why}".splitlines())
        (self.folder / f"{number}.plan").write_text(said + text, encoding="utf-8")
        print(f"case {number} differs: {why[-300:]}", flush=True)

    def line(self, following: int) -> str:
        minutes = (time.perf_counter() - self.began) / 60
        return (
            f"cases {self.first} to {following - 1} in {minutes:.1f} min: {self.told()}; {len(self.differing)} cases differ;"
            f" go on with --first {following}"
        )


def counted(kind: type[Counted], what: str | None, cycles: int) -> Counted:
    """Runs what the command line asks for. `what` is the page of the command, `cycles` are wanted if it says nothing."""
    options = argparse.ArgumentParser(description=(what or "").split("\n")[0])
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--cycles", type=int, default=cycles)
    options.add_argument("--told", type=Path, default=Path("differing"))
    chosen = options.parse_args()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)  # a line makes many objects and hardly a ring
    run, number, shown = kind(chosen.first, chosen.told), chosen.first, 0.0
    while run.cycles < chosen.cycles and time.perf_counter() - run.began < chosen.minutes * 60:
        run.do(number)
        number += 1
        if time.perf_counter() - shown > 30:
            shown = time.perf_counter()
            print(run.line(number), flush=True)
    print(run.line(number))
    return run
