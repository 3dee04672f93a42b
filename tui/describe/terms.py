"""Terms as data: sections of items, an item a paragraph with what belongs below it. Text only; how it is laid out is decided
in `tui/describe/layouts.py`."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.plan import Assumption


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph; `below` belongs to it, and is done in that order where it is `in_order`."""

    text: str
    below: tuple[Item, ...] = ()
    in_order: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """`key` is the same in every language."""

    key: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one plan in one language; `silent` has what the sections' last one says, one an assumption."""

    plan: str
    language: str
    title: str
    sections: tuple[Section, ...]
    silent: tuple[tuple[Assumption, str], ...]
