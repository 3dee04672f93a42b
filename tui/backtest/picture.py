"""Findings as a picture: who wins and loses, what all comes to, how what is due changes. Wants the extra `chart`."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure as Picture

from tui import files
from tui.backtest.findings import JUDGED, About, Verdict
from tui.backtest.run import Backtest
from tui.backtest.text import name, named, shares, show, that_matter

SUFFIX = ".png"
_COLOURS = {
    Verdict.WINNERS: "#2a7f62", Verdict.SAME: "#b5b5b5", Verdict.MIXED: "#d9a441", Verdict.LOSERS: "#b23a48",
}  # fmt: skip
_OLD, _NEW = "#9aa5b1", "#2f5d8a"
_PERCENTS = range(1, 100)


def write(one: Backtest, path: Path) -> None:
    """Raises files.FileError."""
    figures = [about for about in that_matter(one) if about.figure in JUDGED]
    picture = Picture(figsize=(11, 7 + 0.3 * len(figures)), layout="constrained")
    picture.suptitle(_plain(f"{named(one)[1]} in place of {named(one)[0]}: {one.findings.lines:,} lines"))
    parts: Any = picture.subfigures(2, 1, height_ratios=[1, 1 + 0.1 * len(figures)])
    above, below = parts
    verdicts, spread = above.subplots(1, 2)
    _verdicts(one, verdicts)
    _spread(one, figures, spread)
    _sums(one, figures, below.subplots(1, 1))
    data = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of characters that the font lacks: they are drawn as boxes
        picture.savefig(data, format="png", dpi=120)
    with files.replacing(path) as file:
        file.write(data.getvalue())


def _verdicts(one: Backtest, axes: Any) -> None:
    found = one.findings
    counts = [found.counts[verdict] for verdict in Verdict]
    of_all = shares(found)
    bars = axes.barh([str(verdict) for verdict in Verdict], counts, color=[_COLOURS[verdict] for verdict in Verdict])
    axes.bar_label(bars, [f" {count:,} ({of_all[verdict]})" for verdict, count in zip(Verdict, counts, strict=True)])
    axes.set_xlim(0, 1.45 * max(counts))
    axes.set_title("who is better off")
    axes.invert_yaxis()
    axes.xaxis.set_visible(False)


def _spread(one: Backtest, figures: list[About], axes: Any) -> None:
    """The change of a line, by percent of lines: of the first figure that changes."""
    changing = [about for about in figures if one.findings.changes[about].least or one.findings.changes[about].most]
    if not changing:
        axes.set_title("no line comes to anything else")
        axes.set_axis_off()
        return
    about, histogram = changing[0], one.findings.changes[changing[0]]
    axes.step(list(_PERCENTS), [histogram.quantile(percent) for percent in _PERCENTS], where="mid", color=_NEW)
    axes.axhline(0, color="black", linewidth=0.8)
    axes.yaxis.set_major_formatter(lambda amount, _: _plain(show(about, round(amount), one.data_step, signed=True)))
    axes.set_title(_plain(f"{name(about)}: change of a line"))
    axes.set_xlabel("percent of lines that come to at most so much more")


def _sums(one: Backtest, figures: list[About], axes: Any) -> None:
    """Both plans, each figure as a share of the larger of the two."""
    places = range(len(figures))
    for shift, colour, which in ((-0.2, _OLD, "old"), (0.2, _NEW, "new")):
        sums = [one.findings.sums[about] for about in figures]
        amounts = [getattr(of, which) for of in sums]
        lengths = [amount / max(1, abs(of.old), abs(of.new)) for amount, of in zip(amounts, sums, strict=True)]
        label = _plain(named(one)[which == "new"])
        bars = axes.barh([place + shift for place in places], lengths, height=0.38, color=colour, label=label)
        shown = [show(about, amount, one.data_step) for about, amount in zip(figures, amounts, strict=True)]
        axes.bar_label(bars, [_plain(f" {amount}") for amount in shown])
    axes.set_yticks(list(places), [_plain(name(about)) for about in figures])
    axes.set_xlim(0, 1.2)
    axes.invert_yaxis()
    axes.xaxis.set_visible(False)
    axes.set_title("in all")
    axes.legend(loc="lower right")


def _plain(text: str) -> str:
    """Without formulas: a dollar sign would begin one."""
    return text.replace("$", r"\$")
