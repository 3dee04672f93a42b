"""Kills a run of `rollover settle` at random moments, again and again, and counts: each time it goes on, and it must come to
the same bytes as a run that nobody killed, with nothing left beside it.

    python -m benchmarks.settle_faults [--kills 200] [--subscribers 60000]
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
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
asked = settling.Asked(
    [Path("w1.plan")], [Path(sys.argv[2])], Path(sys.argv[1]), form=Form.NUMPY, chunk_rows=2000, part_rows=8000
)
done = settling.settle(asked, lambda rows, line: None)
"""
SHUFFLED = """
import pyarrow.parquet as parquet, numpy
table = parquet.read_table("u.parquet")
parquet.write_table(table.take(numpy.random.default_rng(1).permutation(len(table))), "mixed.parquet")
"""


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--subscribers", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    root = str(Path(__file__).resolve().parent.parent)
    with tempfile.TemporaryDirectory(prefix="rollover-") as name:
        folder = Path(name)

        def start(*command: str) -> subprocess.Popen[bytes]:
            return subprocess.Popen([sys.executable, *command], cwd=folder, env={"PYTHONPATH": root})

        (folder / "w1.plan").write_text(PLAN)
        made = "from tui.cli import main; main(prog_name='rollover')"
        start(
            "-c", made, "simulate", "w1.plan", "--subscribers", str(asked.subscribers), "--months", "3", "--out", "u.parquet"
        ).wait()
        start("-c", SHUFFLED).wait()
        kills = runs = wrong = 0
        for usage in ("u.parquet", "mixed.parquet"):
            began = time.monotonic()
            start("-c", RUN, f"whole-{usage}", usage).wait()
            seconds = time.monotonic() - began
            whole = digests(folder / f"whole-{usage}")
            most = asked.kills // 2 if usage == "u.parquet" else asked.kills
            while kills < most:
                run = start("-c", RUN, "out", usage)
                # In the middle of what a whole run takes: half of the time it begins, and goes on, before it is killed.
                time.sleep(draw.random() * seconds)
                run.send_signal(signal.SIGKILL)
                kills += run.wait() == -signal.SIGKILL
                if draw.random() < 0.2 or (folder / "out").exists():
                    start("-c", RUN, "out", usage).wait()
                    left = [path.name for path in folder.glob(".*")]
                    runs += 1
                    wrong += digests(folder / "out") != whole or bool(left)
                    shutil.rmtree(folder / "out", ignore_errors=True)
            start("-c", RUN, "out", usage).wait()
            runs += 1
            wrong += digests(folder / "out") != whole
            shutil.rmtree(folder / "out")
    print(f"{kills} kills, {runs} runs that ended after them, {wrong} of those with other bytes or something left")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
