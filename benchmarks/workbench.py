"""How fast the workbench feels, through a pseudo-terminal: from a key press to the bytes that draw its figure, and from the
start of the program to its first content, beside a bare Textual app and, where they are installed, Posting and Harlequin.

    python benchmarks/workbench.py [--rounds 15] [--posting PATH] [--harlequin PATH]

The two peers need environments of their own, since they ask for other versions of Textual:

    python3 -m venv p && p/bin/pip install posting && python3 -m venv h && h/bin/pip install harlequin
    python benchmarks/workbench.py --posting p/bin/posting --harlequin h/bin/harlequin

Prints one line a figure with its goal, and the machine. Nothing here is a test: machines differ, figures are reported.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.speed import (  # noqa: E402
    EXAMPLE,
    ROLLOVER,
    as_installed,
    machine,
    many_lines,
    median_ms,
    tell,
    thirty_lines,
    write_records,
)
from benchmarks.terminal import Terminal  # noqa: E402

BARE_APP = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("bare and ready")
Bare().run()
"""
# Lines, and the goals for the median and the 95th percentile in ms.
SIZES = ((30, 25, 60), (300, 33, 60), (5_000, 50, 120))
PATIENCE_SECONDS = 60
F6, END = "\x1b[17~", "\x1b[F"
# What the other plans of the text need, and the plan that is changed.
HEAD = 'rate 1 GB = 30 minutes\n\nplan "Bench" prepaid\n  grant 20 GB\n  carry 1 month, cap 10 GB\n\n'


def key_to_preview(text: str, rounds: int) -> list[float]:
    """Seconds from a key press to the screen that shows its figure, sorted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.plan"
        # The plan that is changed stands on top: long lines may wrap, and keys go by what is seen.
        others = "plan " + text.split("\nplan ", 1)[1]
        path.write_text(HEAD + others, encoding="utf-8")
        with Terminal([*ROLLOVER, str(path)], ROOT) as terminal:
            terminal.wait_for("30 GB", PATIENCE_SECONDS)
            terminal.keys("\x1b[B" * HEAD.count("\n", 0, HEAD.index("  grant 20")) + "\x1b[C" * len("  grant 20"))
            time.sleep(1.5)
            samples = []
            for _ in range(rounds):
                # A figure that the text does not hold: what is typed is seen long before what it does.
                samples.append(terminal.time_until("1", lambda screen: "211 GB" in screen))
                samples.append(terminal.time_until("\x7f", lambda screen: "211 GB" not in screen))
    return sorted(samples)


def keys(rounds: int) -> None:
    for lines, half_goal, most_goal in SIZES:
        text = thirty_lines() if lines == 30 else many_lines(lines)
        samples = key_to_preview(text, rounds)
        half, most = samples[len(samples) // 2] * 1e3, samples[int(len(samples) * 0.95)] * 1e3
        what = f"key press to fresh preview, {lines:,} lines"
        tell(what, f"p50 {half:.0f}, p95 {most:.0f} ms", f"goal {half_goal}, {most_goal} ms")


def opened_records() -> None:
    """A million records, from the key that chooses their file to the months that they make."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "flex.plan"
        plan.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
        write_records(Path(folder) / "day.csv")
        with Terminal([*ROLLOVER, str(plan)], ROOT) as terminal:
            terminal.wait_for("Usage of data", PATIENCE_SECONDS)
            terminal.keys(f"{F6}4o")
            terminal.wait_for("day.csv", PATIENCE_SECONDS)
            terminal.keys(END)
            time.sleep(1.5)  # what the start does aside is through
            took = terminal.time_until("\r", lambda screen: "added up by the minute" in screen, PATIENCE_SECONDS)
        tell("1,000,000 records opened", f"{took:.2f} s", "goal 2 s")


def starts(rounds: int, peers: dict[str, list[str]]) -> None:
    """Rollover and its peers, started in turn."""
    marks = {
        "a bare Textual app": "bare and ready",
        "Rollover": "grant 20 GB",
        "Posting": "Collection",
        "Harlequin": "Query Editor",
    }
    commands = {"a bare Textual app": [sys.executable, "-c", BARE_APP], "Rollover": [*ROLLOVER, str(EXAMPLE)], **peers}
    samples: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            with Terminal(command, ROOT) as terminal:
                took = terminal.wait_for(marks[name], PATIENCE_SECONDS)
            if number:  # the first start compiles what it loads
                samples[name].append(took)
    bare = statistics.median(samples["a bare Textual app"])
    for name, found in samples.items():
        more = f" (+{median_ms(found) - bare * 1e3:.0f})" if name != "a bare Textual app" else ""
        tell(
            f"start to first content, {name}", f"{median_ms(found):.0f} ms{more}", "goal +150 ms" if name == "Rollover" else ""
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--posting", metavar="PATH")
    options.add_argument("--harlequin", metavar="PATH")
    chosen = options.parse_args()
    print(machine())
    as_installed()
    keys(chosen.rounds)
    opened_records()
    peers = {"Posting": chosen.posting, "Harlequin": chosen.harlequin}
    starts(max(3, chosen.rounds // 3), {name: [command] for name, command in peers.items() if command})


if __name__ == "__main__":
    main()
