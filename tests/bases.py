"""Bases of subscribers for the tests: plans, their usage as a file, and what a settled folder says."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet as parquet
from command_line import rollover

GB = 10**9
PLANS = """rate 1 GB = 30 minutes
plan "W1" postpaid
  every month grant 20 GB data
  use carried data first
  unused data: carry 1 month, cap 10 GB, convert the rest to minutes, cap 200 minutes
plan "Three" postpaid
  price 10 EUR a month
  grant 5 GB
  unused data: carry 3 months, cap 12 GB, newest goes first
  when data runs out: sell 1 GB at 2 EUR
plan "If" postpaid
  grant 5 GB
  unused data, if used at least 2 GB: carry 1 month
"""
START = datetime(2026, 1, 31)
Row = Mapping[str, Any]


def rows_of(
    base: Mapping[Any, Sequence[int]], plan: str | Mapping[Any, str] = "W1", first: int = 1, **more: object
) -> list[Row]:
    """Rows of subscribers and what they use of data in each cycle, in MB."""
    return [
        {
            "subscriber": name, "plan": plan if isinstance(plan, str) else plan[name], "start": START, "cycle": cycle,
            "data": used * 10**6, **more,
        }
        for name, history in base.items() for cycle, used in enumerate(history, first)
    ]  # fmt: skip


SCHEMA = {
    "plan": arrow.string(), "start": arrow.timestamp("s"), "cycle": arrow.int32(), "data": arrow.int64(),
}  # fmt: skip


def usage(rows: Sequence[Row], name: str = "u.parquet") -> Path:
    path = Path(name)
    if path.suffix == ".csv":
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path
    first = rows[0]["subscriber"] if rows else 0
    kinds = {"subscriber": arrow.string() if isinstance(first, str) else arrow.int64(), **SCHEMA}
    names = list(rows[0]) if rows else ["subscriber", "plan", "start", "cycle", "data"]
    columns = [arrow.array([row[name] for row in rows], kinds.get(name)) for name in names]
    parquet.write_table(arrow.table(columns, names=names), path)
    return path


def settle(path: Path | str, out: str = "out", *more: str, exits: int = 0, plans: str = "base.plan") -> str:
    """Runs it, in this process; gives back what it said."""
    result = rollover("settle", plans, "--usage", str(path), "--out", out, "--form", "numpy", *more)
    assert result.exit_code == exits, result.output
    return result.output


def table(out: str | Path, kind: str = "statement") -> Any:
    paths = sorted(Path(out, kind).glob("*.parquet"))
    return arrow.concat_tables([parquet.read_table(path) for path in paths], promote_options="permissive") if paths else None


def rows(out: str | Path, kind: str = "statement") -> list[dict[str, Any]]:
    found = table(out, kind)
    return [] if found is None else found.to_pylist()


def figures(out: str | Path) -> dict[tuple[Any, int], dict[str, int]]:
    """Of each cycle of each subscriber; none of them twice."""
    found = {}
    for row in rows(out):
        key = row.pop("subscriber"), row["cycle"]
        assert key not in found, f"{key} is settled twice"
        found[key] = {name: amount for name, amount in row.items() if isinstance(amount, int) and name != "cycle"}
    return found


def lots(out: str | Path) -> set[tuple[Any, ...]]:
    names = ("subscriber", "plan", "cycle", "service", "class", "rule", "debt", "born", "end", "amount")
    told = [tuple(row[name] for name in names) for row in rows(out, "lots")]
    assert len(set(told)) == len(told)
    return set(told)


def contents(folder: str | Path, but: Iterable[str] = ()) -> dict[str, str]:
    """The digests of all its files."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(folder).rglob("*")) if path.is_file() and path.name not in but
    }  # fmt: skip
