"""Usage in any order as a DataFrame, and with it what opens: by subscriber, so that of each all rows come to one worker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet

from tui.files import FileError
from tui.settle import lots
from tui.settle.rows import AT, CYCLE, SUBSCRIBER
from tui.settle.usage import Usage, is_hidden
from tui.settle_spark.tasks import LOT, ROW

_OF_PATTERNS = "*?[]{}\\:"
_MOST, _LEAST = (1 << 63) - 1, -(1 << 63)


def by_subscriber(spark: Any, files: Sequence[Usage], opening: Sequence[Path], partitions: int) -> Any:
    """A partition has whole subscribers, ascending; of one first the cycles or records, in their order, then the lots it opens
    with. Rows that are alike come as in their file."""
    from pyspark.sql import functions as of

    first = files[0]
    schema = lots.schema(first.subscriber)
    used = _read(spark, [one.path for one in files])
    kinds = arrow.parquet.read_schema(first.path)
    columns = [_ours(ours, name, kinds.field(name).type).alias(ours) for ours, name in first.names.items()]
    row = of.col("_metadata.row_index").alias(ROW)
    found = used.select(*columns, row)
    if opening:
        held = _read(spark, opening)
        kind = "bigint" if arrow.types.is_integer(first.subscriber) else "string"
        lot = of.struct(*(_column(name) for name in schema.names)).alias(LOT)
        opens = held.select(_column(SUBSCRIBER).cast(kind).alias(SUBSCRIBER), lot, row)
        found = found.unionByName(opens, allowMissingColumns=True)
    when = [name for name in (CYCLE, AT) if name in first.names]
    rest = [name for name in first.names if name not in (SUBSCRIBER, *when)]  # of several files, whichever is read first
    order = [SUBSCRIBER, *([of.col(LOT).isNotNull()] if opening else []), *when, ROW, *rest]
    return found.repartition(partitions, SUBSCRIBER).sortWithinPartitions(*order)


def refuse_names(paths: Sequence[Path]) -> None:
    """Raises FileError where Spark would take a name for a pattern of several, or leave its file out without a word."""
    for path in map(Path.resolve, paths):
        if any(one in _OF_PATTERNS for one in str(path)) or is_hidden(path):
            raise FileError(
                f"{path} can't be read by Spark: rename it, so that its name does not begin with . or _, and there is "
                f"none of {' '.join(_OF_PATTERNS)} in its path"
            )


def _read(spark: Any, paths: Sequence[Path]) -> Any:
    return spark.read.parquet(*(f"file://{path.resolve()}" for path in paths))


def _column(name: str) -> Any:
    from pyspark.sql import functions as of

    return of.col("`" + name.replace("`", "``") + "`")


def _ours(ours: str, name: str, kind: Any) -> Any:
    """A column as `Usage.normal` can take it: Spark has no unsigned numbers, and no times without a zone in nanoseconds."""
    from pyspark.sql import functions as of

    column = _column(name)
    match ours:
        case "plan":
            return column.cast("string")
        case "at" if not (arrow.types.is_date(kind) or arrow.types.is_timestamp(kind)):
            return column.cast("string")
        case "start" | "at" if arrow.types.is_date(kind):
            return of.unix_date(column).cast("bigint") * 86_400
        case "start" | "at" if kind.unit == "ns":
            whole = column - of.pmod(column, of.lit(1_000_000_000))
            return of.floor(whole / 1_000_000_000)  # of whole seconds a float of 64 bits knows each
        case "start" | "at":
            return of.unix_seconds(column.cast("timestamp"))
        case "subscriber" if not arrow.types.is_integer(kind):
            return column.cast("string")
    if kind == arrow.uint64():
        column = of.when(column > _MOST, of.lit(_LEAST)).otherwise(column)
    return column.cast("bigint")
