"""Whole numbers as people write very large ones: 1000000, 1_000_000, 1,000,000, 1e6."""

from __future__ import annotations

import re
from decimal import Decimal

import click

_NUMBER = re.compile(r"(?:\d{1,3}(?:[_,]\d{3})+|\d{1,30})(?:\.\d{1,30})?(?:[eE]\+?\d{1,3})?", re.ASCII)


class WholeNumber(click.ParamType[int]):
    """From `least` to `most`, exactly whole however it is written."""

    name = "number"

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        text = str(value).strip()
        if not _NUMBER.fullmatch(text):
            self.fail(f"{text[:40]!r} should be a whole number, as 1000000, 1_000_000 or 1e6", param, ctx)
        number = Decimal(text.replace("_", "").replace(",", ""))
        if not self.least <= number <= self.most:
            self.fail(f"{text[:40]} should be from {self.least:,} to {self.most:,}", param, ctx)
        if number != int(number):
            self.fail(f"{text[:40]} is not whole", param, ctx)
        return int(number)


class Part(click.ParamType[tuple[int, int]]):
    """`k/n`, part k of n; parts are counted from 1."""

    name = "k/n"
    _MOST = 100_000

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", str(value), re.ASCII)
        if not found:
            self.fail(f"{str(value)[:40]!r} should say which part of how many, as 1/4", param, ctx)
        number, of = int(found[1]), int(found[2])
        if not 1 <= number <= of <= self._MOST:
            self.fail(f"{number}/{of}: parts are counted from 1 to as many as there are, at most {self._MOST:,}", param, ctx)
        return number, of
