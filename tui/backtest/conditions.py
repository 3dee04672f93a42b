"""What a build must not accept, as `--fail-if` says it: `losers > 2%`, `due < -1000 EUR`, `worst overage data > 5 GB`.

A figure is what the new plan has more of than the old one, over all lines, or for one of them with `worst`, `median`, `p95`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dsl import units
from tui.backtest.findings import About, Figure, Findings, Verdict

_OPS: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_SHAPE = re.compile(
    r"\s*(?P<left>[^<>=!]*?)\s*(?P<op>>=|<=|==|!=|>|<)\s*(?P<number>[-+]?[\d.,_]+)\s*(?P<unit>%|\w*)\s*", re.ASCII
)
_DECIMAL = re.compile(r"\d{1,15}(\.\d{1,9})?")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d{1,3}(_\d{3})+(\.\d+)?", re.ASCII)
_MOST = 200  # characters


class ConditionError(Exception):
    """What is said can't be; the message says what may stand there."""


@dataclass(frozen=True, slots=True)
class Condition:
    """The number is `many` of `over`: base units, lines, or, with `is_percent`, hundredths of all lines or of what the old plan
    comes to. `which`: "" for all lines together, `worst`, or the percent of a quantile."""

    text: str
    what: Verdict | About
    which: str
    compare: Callable[[int, int], bool]
    many: int
    over: int
    is_percent: bool

    def value(self, found: Findings) -> int:
        """What is compared, in lines or base units."""
        if isinstance(self.what, Verdict):
            return found.counts[self.what]
        if not self.which:
            return found.sums[self.what].more if self.what in found.sums else 0
        histogram = found.changes.get(self.what)
        if histogram is None:
            return 0
        if self.which != "worst":
            return histogram.quantile(int(self.which))
        return histogram.least if self.what.figure is Figure.HELD else histogram.most

    def holds(self, found: Findings) -> bool:
        value = self.value(found)
        if not self.is_percent:
            return self.compare(value * self.over, self.many)
        return self.compare(value * 100 * self.over, self.many * self.whole(found))

    def whole(self, found: Findings) -> int:
        """Of what a percentage is: all lines, or what the old plan comes to, which is nothing where no line is on it."""
        if isinstance(self.what, Verdict):
            return found.lines
        return found.sums[self.what].old if self.what in found.sums else 0


def condition(text: str, abouts: Sequence[About], data_step: int) -> Condition:
    """Reads one of them, about these figures. Raises ConditionError."""
    found = _SHAPE.fullmatch(text) if len(text) <= _MOST else None
    if not found:
        raise ConditionError(
            f"{text[:_MOST]!r} should be a figure, a comparison and a number, as `losers > 2%`; {_may_stand(abouts)}"
        )
    sign = -1 if found["number"].startswith("-") else 1
    digits = found["number"].lstrip("+-")
    if _THOUSANDS.fullmatch(digits):  # 1,5 is no 15
        digits = re.sub(r"[,_]", "", digits)
    if not _DECIMAL.fullmatch(digits):
        raise ConditionError(f"{found['number']!r} in {text!r} should be a number, as 2 or 0.5")
    unit = found["unit"]
    what, which = _what(text, found["left"].lower().split(), unit, abouts, data_step)
    is_percent = unit == "%"
    if is_percent and which:
        raise ConditionError(
            f"{text!r}: a percentage is of all lines together; leave out `{found['left'].split()[0]}`, or say an amount"
        )
    size = 1
    if not is_percent:
        size = _size(text, what, unit, data_step)
    many, over = units.ratio(digits)
    return Condition(text, what, which, _OPS[found["op"]], sign * many * size, over, is_percent)


def _what(
    text: str, words: list[str], unit: str, abouts: Sequence[About], data_step: int
) -> tuple[Verdict | About, str]:  # fmt: skip
    if len(words) == 1 and words[0] in list(Verdict):
        return Verdict(words[0]), ""
    which = ""
    if words and (quantile := re.fullmatch(r"worst|median|p(\d{1,2}|100)", words[0])):
        which = "50" if words[0] == "median" else quantile[1] or "worst"
        words = words[1:]
    if not 1 <= len(words) <= 2 or words[0] not in list(Figure):
        raise ConditionError(f"{' '.join(words)!r} in {text!r} is no figure; {_may_stand(abouts)}")
    mine = [about for about in abouts if about.figure == words[0]]
    if len(words) == 2:
        of = units.SERVICE_WORDS.get(words[1], words[1])
        mine = [about for about in mine if about.of.lower() == of]
    elif (meant := units.unit(unit, data_step, [about.of.lower() for about in mine])) is not None:
        mine = [about for about in mine if about.of.lower() == meant.service.lower()]
    if not mine:
        raise ConditionError(f"{text!r}: neither plan has that; {_may_stand(abouts)}")
    if len(mine) > 1:
        told = " or ".join(f"`{about.figure} {about.of}`" for about in mine)
        raise ConditionError(f"{text!r}: say of what: {told}")
    return mine[0], which


def _size(text: str, what: Verdict | About, unit: str, data_step: int) -> int:
    if isinstance(what, Verdict):
        if unit:
            raise ConditionError(f"{unit!r} in {text!r}: {what} are counted; write a number alone, or with %")
        return 1
    meant = units.unit(unit, data_step, [what.of.lower()])
    if meant is None or meant.service.lower() != what.of.lower():
        example = units.exact(what.of, 5 * units.unit("GB", data_step).size if what.of == units.DATA else 300, data_step)  # type: ignore[union-attr]
        raise ConditionError(f"{text!r}: say how much {what.of}, as {example}; or a percentage, as 5%")
    return meant.size


def _may_stand(abouts: Sequence[About]) -> str:
    owners: dict[tuple[str, ...], list[str]] = {}
    for figure in dict.fromkeys(about.figure for about in abouts):
        mine = tuple(about.of for about in abouts if about.figure is figure)
        owners.setdefault(mine, []).append(f"`{figure}`")
    figures = [f"{', '.join(names)} of {' or '.join(mine)}" for mine, names in owners.items()]
    counted = ", ".join(f"`{verdict}`" for verdict in Verdict)
    return f"there may stand {counted}; or, alone or behind `worst`, `median` or `p95`, {'; '.join(figures)}"
