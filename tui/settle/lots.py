"""What lines hold when a cycle has closed, as a table: a row a lot, and one without a class for a line that holds nothing. The
next month opens with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as arrow

from dsl.plan import Life, LotClass
from dsl.source import Source, Span
from engine.batch.course import Piece
from engine.batch.lines import Settled
from engine.batch.turns import alike, as_made
from engine.calendar import NEVER
from tui.settle import words
from tui.settle.boundaries import Boundaries
from tui.settle.first_use import may_wait
from tui.settle.rows import CYCLE, PLAN, START, SUBSCRIBER, Array, Table

_TEXT = arrow.dictionary(arrow.int32(), arrow.string())
_FLAGS = ("each_time", "with_cycle", "frozen")
_TEXTS = ("service", "class", "rule", "of_plan", "pack", "scope", "debt")
_MADE_BY = "made_by"
WAITS = "waits"  # for its first use
AMOUNT = "amount"
_NEVER = np.iinfo(np.int64).min  # what numpy takes for no time, and arrow for null


def schema(subscriber: Any) -> Any:
    """`born` and `end` are instants; a lot without end has none. `cycle` is the one that has closed, `made_by` says which words
    of the plan made the lot."""
    return arrow.schema(
        [
            (SUBSCRIBER, subscriber), (PLAN, _TEXT), (START, arrow.timestamp("s")), (CYCLE, arrow.int32()),
            *((name, _TEXT) for name in (*_TEXTS, _MADE_BY)),
            ("born", arrow.timestamp("s", "UTC")), ("end", arrow.timestamp("s", "UTC")),
            *((flag, arrow.bool_()) for flag in (*_FLAGS, WAITS)), (AMOUNT, arrow.int64()),
        ]
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """Of lines of one plan: which subscribers they are, when they began, and the last cycle of each. `source` is where the plan
    is written, `from_first_use` says which of its grants live from their first use."""

    plan: str
    source: Source | None
    from_first_use: dict[Span, Life]
    subscribers: Any
    starts: Array  # each once
    start_of: Array  # the place of each line's start among them
    last: Array
    place: Array  # of each line in the order of subscribers


def table_of(held: Held, settled: Settled, boundaries: Boundaries, skip: Array) -> tuple[Table, Array]:
    """The lots of lines but those to `skip`, and the place of each row's subscriber. In the order of subscribers and, of one,
    as they were made."""
    pieces = [piece for piece, _ in settled.held]
    line, piece, amount = _filled(pieces, settled, skip)
    is_empty = ~skip
    is_empty[line] = False
    empty = np.flatnonzero(is_empty)
    line = np.concatenate((line, empty))
    piece = np.concatenate((piece, np.full(len(empty), len(pieces), np.int64)))
    amount = np.concatenate((amount, np.zeros(len(empty), np.int64)))
    order = np.lexsort((piece, held.place[line]))
    line, piece, amount = line[order], piece[order], amount[order]
    columns = {
        SUBSCRIBER: held.subscribers.take(arrow.array(line)),
        PLAN: _repeated(held.plan, len(line)),
        START: arrow.array(held.starts[held.start_of[line]].astype("datetime64[s]")),
        CYCLE: arrow.array(held.last[line].astype(np.int32)),
        **{name: _taken([_text(one, name) for one in pieces], piece) for name in _TEXTS},
        _MADE_BY: _taken([words.told(one.span, held.source) for one in pieces], piece),
        "born": _instants([one.born for one in pieces], pieces, line, piece, held, boundaries),
        "end": _instants([one.end for one in pieces], pieces, line, piece, held, boundaries),
        **{flag: _flags([getattr(one, flag) for one in pieces], piece) for flag in _FLAGS},
        WAITS: _flags([may_wait(one, held.from_first_use) for one in pieces], piece),
        AMOUNT: arrow.array(amount),
    }
    found = arrow.table(columns).cast(schema(held.subscribers.type))
    return found, held.place[line]


def _filled(pieces: Sequence[Piece], settled: Settled, skip: Array) -> tuple[Array, Array, Array]:
    lines, numbers, amounts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for number, piece in enumerate(pieces):
        held = settled.closing[piece]
        line = np.flatnonzero((held != 0) & ~skip)
        lines.append(line)
        numbers.append(np.full(len(line), number, np.int64))
        amounts.append(held[line])
    return np.concatenate(lines), np.concatenate(numbers), np.concatenate(amounts)


def _text(piece: Piece, name: str) -> str:
    match name:
        case "class":
            return "" if piece.debt else str(piece.lot_class)
        case "of_plan":
            return piece.plan
        case "scope":
            return json.dumps(sorted(map(sorted, piece.scope))) if piece.scope else ""
        case _:
            return str(getattr(piece, name))


def _taken(texts: Sequence[str], piece: Array) -> Any:
    """The text of each row's piece; null for a row without one, and for what is empty."""
    known = sorted({text for text in texts if text})
    places = np.array([known.index(text) if text else -1 for text in texts] + [-1], np.int32)[piece]
    return arrow.DictionaryArray.from_arrays(arrow.array(places, mask=places < 0), arrow.array(known, arrow.string()))


def _repeated(text: str, rows: int) -> Any:
    return arrow.DictionaryArray.from_arrays(arrow.array(np.zeros(rows, np.int32)), arrow.array([text], arrow.string()))


def _flags(flags: Sequence[bool], piece: Array) -> Any:
    return arrow.array(np.array([*flags, False], bool)[piece])


def _instants(
    told: Sequence[int], pieces: Sequence[Piece], line: Array, piece: Array, held: Held, boundaries: Boundaries
) -> Any:
    """Instants of what pieces say; null for none and for what never comes. Few lines differ in start and last cycle, so each
    instant is looked up once for all that do not."""
    low, high = (int(held.last.min()), int(held.last.max())) if len(held.last) else (0, 0)
    span = high - low + 1
    known = np.full((len(pieces) + 1, len(held.starts) * span), _NEVER)
    counted = [number for number, one in zip(told, pieces, strict=True) if one.by_cycles and number != NEVER]
    table = boundaries.table(held.starts, high + max(counted, default=0))
    for place, (number, one) in enumerate(zip(told, pieces, strict=True)):
        if one.by_cycles and number != NEVER:
            at = np.maximum(np.arange(low, high + 1) + number, 0)  # who has had too few cycles has no such piece
            known[place] = table[:, at].ravel()
        elif number != NEVER and not one.debt:
            known[place] = number
    alike = held.start_of * span + (held.last - low)
    return arrow.array(known[piece, alike[line]].astype("datetime64[s]"))


def pieces_of(
    table: Table, line: Array, start: Array, last: Array, count: int, boundaries: Boundaries, source: Source | None
) -> list[tuple[Piece, Array]]:  # fmt: skip
    """What lines open with: pieces with an amount for each of `count` lines. `line` is that of each row, `start` and the `last`
    cycle that has closed are of lines. Raises ValueError where a row is no lot."""
    kinds, kind = _kinds(table)
    born, born_counted = _numbers(table.column("born"), line, start, last, boundaries)
    end, end_counted = _numbers(table.column("end"), line, start, last, boundaries)
    by_cycles = born_counted & (end_counted | (end == NEVER))
    instants = (_seconds(table.column(name)) for name in ("born", "end"))
    born, end = (np.where(by_cycles, told, at) for told, at in zip((born, end), instants, strict=True))
    amount = table.column(AMOUNT).to_numpy()
    keys = np.stack((kind, born, end, by_cycles.astype(np.int64)))
    spans, span = _spans(table.column(_MADE_BY), source)
    keys = np.concatenate((keys, span[None]))
    keys = np.concatenate((keys, _copies(line, keys)[None]))
    told, which = np.unique(keys, axis=1, return_inverse=True)
    first = np.full(told.shape[1], len(line), np.int64)
    np.minimum.at(first, which, np.arange(len(line)))
    pieces: list[Piece] = []
    for number, begins, ends, counted, made_by, _ in told.T.tolist():
        piece = replace(_piece(kinds[number], begins, ends, bool(counted)), span=spans[made_by])
        again = bool(pieces) and not piece.debt and replace(pieces[-1], copy=0) == piece  # alike, they follow each other
        pieces.append(replace(piece, copy=pieces[-1].copy + 1) if again else piece)
    found: dict[Piece, Array] = {}
    for place in as_made(np.argsort(first, kind="stable").tolist(), _turns(pieces, line, which)):
        rows = np.flatnonzero(which == place)
        held = found.setdefault(pieces[place], np.zeros(count, np.int64))
        held[line[rows]] += amount[rows]
    return list(found.items())


def _spans(made_by: Any, source: Source | None) -> tuple[list[Span], Array]:
    """Which words of the plan made lots, in their order, and which of them those of each row are."""
    coded = made_by.cast(arrow.string()).fill_null("").combine_chunks().dictionary_encode()
    each = [words.found(text, source) for text in coded.dictionary.to_pylist()]
    spans = sorted(set(each))
    return spans, np.array([spans.index(span) for span in each] or [0], np.int64)[coded.indices.to_numpy()]


def _turns(pieces: Sequence[Piece], line: Array, which: Array) -> list[tuple[int, int]]:
    """Of each two of a line that only the order in which they were made tells apart: which comes first."""
    groups = {key: number for number, key in enumerate(dict.fromkeys(map(alike, pieces)))}
    if len(groups) == len(pieces):
        return []
    group = np.array([groups[alike(piece)] for piece in pieces], np.int64)[which]
    order = np.lexsort((group, line))  # rows of a line stay as they stand
    one, other = order[:-1], order[1:]
    follow = (line[one] == line[other]) & (group[one] == group[other])
    pairs = np.unique(np.stack((which[one[follow]], which[other[follow]])), axis=1)
    return [(first, second) for first, second in pairs.T.tolist()]


def _piece(kind: tuple[Any, ...], born: int, end: int, by_cycles: bool) -> Piece:
    service, lot_class, rule, plan, pack, scope, debt, each_time, with_cycle, frozen = kind
    if debt:
        return Piece(service, debt=debt)
    tags = frozenset(frozenset(one) for one in json.loads(scope)) if scope else frozenset()
    return Piece(
        service, LotClass(lot_class), rule, plan, pack, tags, born, end, by_cycles, each_time=each_time, with_cycle=with_cycle,
        frozen=frozen,
    )  # fmt: skip


def _kinds(table: Table) -> tuple[list[tuple[Any, ...]], Array]:
    """What rows say but for amounts and times: each once, and which of them a row is."""
    codes, values = [], []
    for name in _TEXTS:
        column = table.column(name).cast(arrow.string()).fill_null("").combine_chunks().dictionary_encode()
        codes.append(column.indices.to_numpy())
        values.append(column.dictionary.to_pylist())
    for flag in _FLAGS:
        codes.append(table.column(flag).to_numpy().astype(np.int64))
        values.append([False, True])
    alike, which = np.unique(np.stack(codes), axis=1, return_inverse=True)
    kinds = [tuple(values[index][code] for index, code in enumerate(column)) for column in alike.T.tolist()]
    return kinds, which


def _seconds(column: Any) -> Array:
    return column.cast(arrow.timestamp("s", "UTC")).cast(arrow.int64()).fill_null(NEVER).to_numpy()


def _numbers(column: Any, line: Array, start: Array, last: Array, boundaries: Boundaries) -> tuple[Array, Array]:
    """Boundaries, counted from the last one of the row's line, and whether there is one at that instant."""
    instants = _seconds(column)
    found, exact = instants.copy(), np.zeros(len(instants), bool)
    starts, which = np.unique(start[line], return_inverse=True)
    for place, begun in enumerate(starts.tolist()):
        rows = np.flatnonzero((which == place) & (instants != NEVER))
        if len(rows):
            calendar = boundaries.calendar(begun)
            most = calendar.cycle_at(min(int(instants[rows].max()), calendar.boundary(0) + _CENTURY))
            known = boundaries.table([begun], most)[0]
            number = np.searchsorted(known, instants[rows])
            exact[rows] = known[np.minimum(number, most)] == instants[rows]
            found[rows] = np.where(exact[rows], number - last[line[rows]], instants[rows])
    return found, exact


_CENTURY = 100 * 366 * 86_400


def _copies(line: Array, keys: Array) -> Array:
    """How many rows before it in its line say the same."""
    _, which = np.unique(np.concatenate((line[None], keys)), axis=1, return_inverse=True)
    order = np.argsort(which, kind="stable")
    begins = np.concatenate(([True], np.diff(which[order]) != 0)) if len(order) else np.zeros(0, bool)
    counted = np.arange(len(order)) - np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
    found = np.zeros(len(order), np.int64)
    found[order] = counted
    return found
