"""Findings as text for people: who wins and loses, as bars; what all comes to; how it is spread; who is hit hardest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dsl import units
from dsl.source import printable
from tui.backtest.findings import JUDGED, MONEY, About, By, Figure, Findings, Verdict
from tui.backtest.run import Backtest
from tui.table import aligned

QUANTILES = (5, 25, 50, 75, 95)
_MEANS = {
    Verdict.WINNERS: "better in something, worse in nothing",
    Verdict.SAME: "the same",
    Verdict.MIXED: "better in one thing, worse in another",
    Verdict.LOSERS: "worse in something, better in nothing",
}
_JUDGED_BY = {
    By.ALL: "judged by what is due and by overage; where these are equal, by what is held at the end",
    By.DUE: "judged by what is due alone",
    By.OVERAGE: "judged by overage alone",
    By.HELD: "judged by what is held at the end alone",
    By.EXPIRED: "judged by what expires alone",
}
_MOST_BAR = 40
_EIGHTHS = ("", *"▏▎▍▌▋▊▉")
_MOST_NAME = 24  # characters: longer ones would leave no room for figures
_TOLD = 5  # plans or reasons


def text(one: Backtest, columns: int = 100) -> str:
    found = one.findings
    parts = (
        _title(one), bars(found, columns), _on_average(one), _sums(one), _spread(one), _hit(one),
        [*_notes(one), *_conditions(one)],
    )  # fmt: skip
    lines: list[str] = []
    for part in map(list, parts):
        lines += ["", *part] if part and lines else part
    return "".join(f"{line.rstrip()}\n" for line in lines)


def named(one: Backtest) -> tuple[str, str]:
    """How to call the two at the head of columns: by their plans where that tells them apart, else by their files."""
    files = one.asked.old.name, one.asked.new.name
    for old, new in (one.pairs[0] if len(one.pairs) == 1 else ("", ""), files):
        if old != new and max(map(len, (old, new))) <= _MOST_NAME:
            return printable(old), printable(new)
    return "OLD", "NEW"


def show(about: About, amount: int, step: int, *, signed: bool = False) -> str:
    """An amount of a figure, as people say it; very much data in TB."""
    terabyte = units.unit("TB", step)
    if about.of == units.DATA and terabyte and abs(amount) >= 10 * terabyte.size:
        said = f"{units.decimal(amount, terabyte.size, 1)} TB"
    else:
        said = units.show(about.of, amount, step)
    number, _, unit = said.partition(" ")
    whole, dot, rest = number.partition(".")
    return f"{'+' if signed and amount > 0 else ''}{int(whole):,}{dot}{rest} {unit}" if _is_plain(whole) else said


def _is_plain(whole: str) -> bool:
    return whole.isdecimal() or (whole[:1] == "-" and whole[1:].isdecimal() and whole != "-0")


def share(part: int, whole: int) -> str:
    """In percent, rounded; what is not nothing is not told as nothing."""
    if not whole:
        return "-"
    tenths = (2_000 * abs(part) + abs(whole)) // (2 * abs(whole))
    sign = "-" if (part < 0) != (whole < 0) and part else ""
    return f"<{sign}0.1 %" if part and not tenths else sign + _percent(tenths)


def shares(found: Findings) -> dict[Verdict, str]:
    """Of all lines, in percent, rounded so that they come to 100.0: up where rounding down would lose most."""
    if not found.lines:
        return dict.fromkeys(Verdict, "-")
    tenths, rest = {}, {}
    for verdict in Verdict:
        tenths[verdict], rest[verdict] = divmod(1_000 * found.counts[verdict], found.lines)
    for verdict in sorted(Verdict, key=lambda verdict: -rest[verdict])[: 1_000 - sum(tenths.values())]:
        tenths[verdict] += 1
    return {one: "<0.1 %" if found.counts[one] and not tenths[one] else _percent(tenths[one]) for one in Verdict}


def _percent(tenths: int) -> str:
    return f"{tenths // 10:,}.{tenths % 10} %"


def _title(one: Backtest) -> Iterator[str]:
    found = one.findings
    old, new = named(one)
    if old == "OLD":
        old, new = printable(str(one.asked.old)), printable(str(one.asked.new))
    yield f"{new} in place of {old}, on {printable(str(one.asked.usage))}: {found.lines:,} lines, {found.cycles:,} cycles"


def bars(found: Findings, columns: int) -> list[str]:
    """Who wins and who loses, a bar each, of all lines."""
    counts = [found.counts[verdict] for verdict in Verdict]
    of_all = shares(found)
    cells = aligned([[f"{found.counts[verdict]:,}", of_all[verdict]] for verdict in Verdict])
    room = max(10, min(_MOST_BAR, columns - 66))
    lines = []
    for verdict, count, told in zip(Verdict, counts, cells, strict=True):
        eighths = (16 * count * room + found.lines) // (2 * found.lines) if found.lines else 0
        whole, more = divmod(max(1, eighths) if count else 0, 8)
        bar = "█" * whole + _EIGHTHS[more]
        lines.append(f"{verdict:8}{told}  {bar:{room}}  {_MEANS[verdict]}".rstrip())
    return lines


def _on_average(one: Backtest) -> Iterator[str]:
    """What those who win and those who lose come to more, each."""
    found, rows = one.findings, []
    some = [verdict for verdict in Verdict if found.counts[verdict] and verdict is not Verdict.SAME]
    for about in that_matter(one):
        changes = [found.changes_of[verdict][about] for verdict in some]
        if about.figure in JUDGED and any(changes):
            means = [_rounded(change, found.counts[verdict]) for change, verdict in zip(changes, some, strict=True)]
            rows.append([name(about), *(show(about, mean, one.data_step, signed=True) for mean in means)])
    if rows:
        yield from _table(["more for each, on average", *some], rows)


def _rounded(amount: int, count: int) -> int:
    return (2 * amount + count) // (2 * count)


def that_matter(one: Backtest) -> list[About]:
    """Figures of which there is anything; what is charged, only where not all of it is due."""
    sums = one.findings.sums
    some = [about for about in one.abouts if about in sums and (sums[about].old or sums[about].new)]
    due = {about.of: sums[about] for about in some if about.figure is Figure.DUE}
    return [about for about in some if about.figure is not Figure.CHARGED or sums[about] != due.get(about.of)]


def _sums(one: Backtest) -> Iterator[str]:
    found, rows = one.findings, []
    for about in that_matter(one):
        if about.figure in (Figure.CAME, Figure.USED):
            continue  # they follow from the rest
        sums = found.sums[about]
        shown = [show(about, amount, one.data_step) for amount in (sums.old, sums.new)]
        rows.append([name(about), *shown, show(about, sums.more, one.data_step, signed=True), share(sums.more, sums.old)])
        if about.figure is Figure.EXPIRED:
            came = found.sums[About(Figure.CAME, about.of)]
            rows.append([f"of all {about.of} that came", share(sums.old, came.old), share(sums.new, came.new), "", ""])
    yield from _table(["in all", *named(one), "change", ""], rows)


def name(about: About) -> str:
    if about.figure in MONEY:
        return f"{about.figure}, {about.of}"
    return f"{about.of} {'held at the end' if about.figure is Figure.HELD else about.figure}"


def _spread(one: Backtest) -> Iterator[str]:
    """Of the change of a line."""
    rows = []
    for about in that_matter(one):
        histogram = one.findings.changes[about]
        if about.figure in JUDGED and (histogram.least or histogram.most):
            amounts = [histogram.least, *map(histogram.quantile, QUANTILES), histogram.most]
            rows.append([name(about), *(show(about, amount, one.data_step, signed=True) for amount in amounts)])
    if rows:
        yield from _table(["change of a line", "least", *(f"{percent} %" for percent in QUANTILES), "most"], rows)
    else:
        yield "no line comes to anything else"


def _hit(one: Backtest) -> Iterator[str]:
    rows = []
    for about in that_matter(one):
        for hit in one.findings.hit.get(about, ()):
            old, new, more = (show(about, amount, one.data_step) for amount in (hit.old, hit.new, hit.new - hit.old))
            who = printable(str(hit.subscriber)) + (f" ({printable(hit.plan)})" if len(one.pairs) > 1 else "")
            rows.append([name(about), who, old, new, more if hit.new < hit.old else f"+{more}"])
    if rows:
        yield from _table(["hit hardest", "subscriber", *named(one), "change"], rows)


def _table(header: list[str], rows: Sequence[list[str]]) -> Iterator[str]:
    """The first column to the left, figures by their ends."""
    wide = max(len(row[0]) for row in [header, *rows])
    yield from aligned([[f"{row[0]:{wide}}", *row[1:]] for row in [header, *rows]])


def _notes(one: Backtest) -> Iterator[str]:
    found = one.findings
    yield _JUDGED_BY[found.by]
    for (which, plan, reason), count in sorted(found.by_rows.items())[:_TOLD]:
        file = one.asked.old if which == "old" else one.asked.new
        yield printable(f'{count:,} lines on "{plan}" of {file.name} ran one at a time: {reason}')
    for reason, (rows, subscriber) in list(found.rejected.items())[:_TOLD]:
        bad = "1 row is bad, and its line" if rows == 1 else f"{rows:,} rows are bad, and their lines"
        yield printable(f"{bad} left out: {reason}, as of subscriber {subscriber}")
    if found.refused:
        yield f"{found.refused:,} lines are left out: their amounts pass 64 bits"
    for plan, count in found.left_out.most_common(_TOLD):
        yield printable(f'{count:,} lines are left out: on "{plan}", which is not compared')
    if one.left_out:
        yield printable(f"columns that were not read: {', '.join(one.left_out)}")


def _conditions(one: Backtest) -> Iterator[str]:
    for condition in one.conditions:
        value = condition.value(one.findings)
        said = f"{value:,}" if isinstance(condition.what, Verdict) else show(condition.what, value, one.data_step)
        if condition.is_percent:
            whole = condition.whole(one.findings)
            said += f", {shares(one.findings)[condition.what] if isinstance(condition.what, Verdict) else share(value, whole)}"
        yield printable(f"{'FAILS' if condition.holds(one.findings) else 'passes'}: {condition.text} ({said})")
