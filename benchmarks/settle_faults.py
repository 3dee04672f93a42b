"""Kills a run of `rollover settle` at random moments, again and again, and counts: each time it goes on, and it must come to
the same bytes as a run that nobody killed, with nothing left beside it.

    python -m benchmarks.settle_faults [--kills 200] [--subscribers 60000]

With `--full-disk SIZES`, on Linux and as root, since it mounts disks: a run on disks of as many sizes that are too small, on
those that are full only when the manifest is written, and on one that is read-only. Each must end with a message that says what
to do, with nothing under the final name, and, when there is room, go on to the same bytes.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PLAN = """rate 1 GB = 30 minutes
plan "W1" postpaid
  every month grant 20 GB data
  use carried data first
  unused data: carry 1 month, cap 10 GB, convert the rest to minutes, cap 200 minutes
"""
RUN = """
import sys
from pathlib import Path
from engine.batch.lines import Form
from tui import settling
from tui.files import FileError
asked = settling.Asked(
    [Path("w1.plan")], [Path(sys.argv[2])], Path(sys.argv[1]), form=Form.NUMPY, chunk_rows=2000, part_rows=8000
)
try:
    settling.settle(asked, lambda rows, line: None)
except FileError as error:
    sys.exit(f"told: {error}")
"""
SHUFFLED = """
import pyarrow.parquet as parquet, numpy
table = parquet.read_table("u.parquet")
parquet.write_table(table.take(numpy.random.default_rng(1).permutation(len(table))), "mixed.parquet")
"""
USAGE = ("u.parquet", "mixed.parquet")
PAGE = 4096


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


class Place:
    """A folder with usage to settle, and how to settle it."""

    def __init__(self, folder: Path, subscribers: int) -> None:
        self.folder = folder
        (folder / "w1.plan").write_text(PLAN)
        made = "from tui.cli import main; main(prog_name='rollover')"
        self.start(
            "-c", made, "simulate", "w1.plan", "--subscribers", str(subscribers), "--months", "3", "--out", "u.parquet"
        ).wait()
        self.start("-c", SHUFFLED).wait()

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        root = str(Path(__file__).resolve().parent.parent)
        return subprocess.Popen([sys.executable, *command], cwd=self.folder, env={"PYTHONPATH": root}, stderr=subprocess.PIPE)

    def settled(self, out: str, usage: str) -> bytes:
        """What it says where it can't."""
        return self.start("-c", RUN, out, usage).communicate()[1]


def kill(place: Place, most_kills: int, seed: int) -> bool:
    """Whether all came to the same bytes."""
    draw, folder = random.Random(seed), place.folder
    kills = runs = wrong = 0
    for usage in USAGE:
        began = time.monotonic()
        place.settled(f"whole-{usage}", usage)
        seconds = time.monotonic() - began
        whole = digests(folder / f"whole-{usage}")
        most = most_kills // 2 if usage == USAGE[0] else most_kills
        while kills < most:
            run = place.start("-c", RUN, "out", usage)
            # In the middle of what a whole run takes: half of the time it begins, and goes on, before it is killed.
            time.sleep(draw.random() * seconds)
            run.send_signal(signal.SIGKILL)
            run.communicate()
            kills += run.returncode == -signal.SIGKILL
            if draw.random() < 0.2 or (folder / "out").exists():
                place.settled("out", usage)
                left = [path.name for path in folder.glob(".*")]
                runs += 1
                wrong += digests(folder / "out") != whole or bool(left)
                shutil.rmtree(folder / "out", ignore_errors=True)
        place.settled("out", usage)
        runs += 1
        wrong += digests(folder / "out") != whole
        shutil.rmtree(folder / "out")
    print(f"{kills} kills, {runs} runs that ended after them, {wrong} of those with other bytes or something left")
    return not wrong


def fill(place: Place, sizes: int, seed: int) -> bool:
    """Whether all came to the same bytes."""
    draw, runs, wrong = random.Random(seed), 0, 0
    for usage in USAGE:
        place.settled(f"whole-{usage}", usage)
        whole = digests(place.folder / f"whole-{usage}")
        fits = _fits(place, usage)
        # The last pages are those of the totals, the journal and the manifest.
        for pages in {*range(max(1, fits - 12), fits), *(draw.randrange(1, fits) for _ in range(sizes))}:
            runs += 1
            wrong += not _goes_on(place, usage, whole, f"size={pages * PAGE}", f"size={8 * fits * PAGE}", b"Make room in ")
        runs += 1
        wrong += not _goes_on(place, usage, whole, "ro", "rw", b"writable, or give another --out")
    print(f"{runs} disks that were full or read-only, {wrong} of them with another message, other bytes or something left")
    return not wrong


def _fits(place: Place, usage: str) -> int:
    """The pages of the smallest disk that has room for a run."""
    low, high = 1, 2
    while not _has_room(place, usage, high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _has_room(place, usage, middle) else (middle, high)
    return high


def _has_room(place: Place, usage: str, pages: int) -> bool:
    with mounted(place.folder / "disk", f"size={pages * PAGE}"):
        return not place.settled("disk/out", usage)


def _goes_on(place: Place, usage: str, whole: dict[str, str], bad: str, good: str, advice: bytes) -> bool:
    disk = place.folder / "disk"
    with mounted(disk, bad):
        said = place.settled("disk/out", usage)
        is_told = said.startswith(b"told: ") and advice in said and str(disk).encode() in said
        nothing_there = not (disk / "out").exists()
        mount(disk, f"remount,{good}")
        went_on = not place.settled("disk/out", usage)
        same = digests(disk / "out") == whole and [path.name for path in disk.iterdir()] == ["out"]
    if not (is_told and nothing_there and went_on and same):
        print(f"{usage}, {bad}: {said.decode()}")
    return is_told and nothing_there and went_on and same


def mount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", disk], check=True)


@contextlib.contextmanager
def mounted(disk: Path, options: str) -> Iterator[None]:
    disk.mkdir(exist_ok=True)
    mount(disk, options)
    try:
        yield
    finally:
        subprocess.run(["umount", disk], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--subscribers", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--full-disk", type=int, default=0, metavar="SIZES", help="disks that are too small, in place of kills")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rollover-") as name:
        place = Place(Path(name), asked.subscribers)
        is_good = fill(place, asked.full_disk, asked.seed) if asked.full_disk else kill(place, asked.kills, asked.seed)
    sys.exit(not is_good)


if __name__ == "__main__":
    main()
