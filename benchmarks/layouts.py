"""That `fmt` does no harm: shipped plans and the mistakes of the tests, each with several lines mangled, laid out.

    python benchmarks/layouts.py [COUNT] [--write]    # 100,000 texts; --write puts the result into docs/quality.md

No word and no comment may be lost, a second pass may change nothing, and the text must mean what it meant.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from dsl.format import format_text, same_words  # noqa: E402
from dsl.same import same_meaning  # noqa: E402
from dsl.source import split_lines  # noqa: E402

PAGE = ROOT / "docs" / "quality.md"
HEADING = "## Layout\n"
ABOUT = """
Made by `python benchmarks/layouts.py --write`: lines of shipped plans and of the mistakes of the tests, moved, spaced
otherwise, cut, commented or put twice, and laid out by `fmt`. Harm is a word or comment lost, a second pass that changes
something, or another meaning.

"""
MOST_LINES = 40
SPACES = (" ", "  ", "\t", " \t ", "\u00a0", "")
COMMENTS = ("# a word", "#", "#  cap 10 GB", "# “quoted” ", "#\t-> left 3 GB")


@cache
def texts() -> tuple[str, ...]:
    folders = (ROOT / "examples", ROOT / "tests" / "goldens" / "mistakes")
    paths = sorted(path for folder in folders for path in folder.rglob("*.plan") if path.stat().st_size < 20_000)
    return tuple(path.read_bytes().decode("utf-8", "replace").replace("\0", "") for path in paths)


def mangled(count: int, seed: int) -> Iterator[str]:
    """So many texts: some lines of a file, of which some are moved, spaced otherwise, cut, commented, blanked or put twice."""
    draw = random.Random(seed)
    for _ in range(count):
        lines = split_lines(draw.choice(texts()))
        start = draw.randrange(max(1, len(lines) - MOST_LINES))
        lines = lines[start : start + MOST_LINES]
        for _ in range(draw.randint(1, 6)):
            _mangle(lines, draw)
        yield draw.choice(("\n", "\n", "\r\n", "\r")).join(lines) + draw.choice(("", "\n", "\n\n"))


def _mangle(lines: list[str], draw: random.Random) -> None:
    at = draw.randrange(len(lines))
    line = lines[at]
    cut = draw.randrange(len(line) + 1)
    match draw.randrange(8):
        case 0:
            lines[at] = draw.choice(SPACES).join(line.split(" "))
        case 1:
            lines[at] = draw.choice(SPACES) * draw.randrange(6) + line.lstrip()
        case 2:
            lines[at] = line[:cut]
        case 3:
            lines[at] = line[:cut] + " " + draw.choice(COMMENTS)
        case 4:
            lines.insert(at, draw.choice(("", "   ", draw.choice(COMMENTS))))
        case 5:
            lines.insert(draw.randrange(len(lines)), line)
        case 6:
            lines[at] = line.upper() if draw.random() < 0.5 else line.replace(",", " ,")
        case _:
            other = draw.randrange(len(lines))
            lines[at], lines[other] = lines[other], line


def harm(text: str) -> str:
    """What laying out a text would do to it; "" where it does none."""
    after = format_text(text)
    if not same_words(text, after):
        return "a word or a comment is lost"
    if format_text(after) != after:
        return "a second pass changes it"
    return "" if same_meaning(text, after) else "it means something else"


def judged(text: str) -> tuple[str, str]:
    return text, harm(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("count", nargs="?", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=None, help="processes; as many as there are cores, if not given")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    begun, harmed = time.perf_counter(), 0
    with multiprocessing.Pool(given.jobs) as pool:
        for text, what in pool.imap_unordered(judged, mangled(given.count, given.seed), chunksize=100):
            if what:
                harmed += 1
                print(f"{what}: {text!r}")
    told = f"{given.count:,} texts laid out, {harmed} harmed, in {time.perf_counter() - begun:.0f} s"
    print(told)
    if given.write:
        page = PAGE.read_text(encoding="utf-8")
        above, below = page.partition(HEADING)[0].rstrip(), "".join(page.partition("\n## Settle")[1:])
        PAGE.write_text(f"{above}\n\n{HEADING}{ABOUT}{told}.\n{below}", encoding="utf-8")
    sys.exit(bool(harmed))


if __name__ == "__main__":
    main()
