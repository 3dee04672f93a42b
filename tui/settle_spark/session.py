"""A session of Spark. With a local master no other machine reaches it, and it says nothing on the terminal."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tui.running import UnusableError

_LOOPBACK = "127.0.0.1"
_QUIET = """rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
appender.file.type = File
appender.file.name = file
appender.file.fileName = {path}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %c: %m%n
"""
_ALWAYS = {
    "spark.sql.session.timeZone": "UTC",  # instants in files are of UTC
    "spark.sql.caseSensitive": "true",
    "spark.sql.adaptive.enabled": "false",  # a partition keeps its number, by which its part is called
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(1 << 16),
    "spark.sql.legacy.parquet.nanosAsLong": "true",
}


def is_local(master: str) -> bool:
    return master.startswith("local")


@contextlib.contextmanager
def session(master: str, folder: Path) -> Iterator[Any]:
    """Spark at that master, for a while; in `folder` is what it needs meanwhile. Raises UnusableError."""
    if not is_local(master):
        yield from _until_done(_started({"spark.app.name": "rollover settle", "spark.master": master, **_ALWAYS}))
        return
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise UnusableError("Spark needs Java, 17 or later: install it, or say with JAVA_HOME where it is", misuse=True)
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log4j2.properties"
    log.write_text(_QUIET.format(path=folder / "spark.log"), encoding="utf-8")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else whichever is called python3
    os.environ.setdefault("SPARK_LOCAL_IP", _LOOPBACK)
    options = {
        "spark.app.name": "rollover settle",
        "spark.master": master,
        "spark.driver.host": _LOOPBACK,
        "spark.driver.bindAddress": _LOOPBACK,
        "spark.ui.enabled": "false",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={log.resolve().as_uri()}",
        **_ALWAYS,
    }
    with _heard(folder / "java.log"):
        spark = _started(options)
    yield from _until_done(spark)


def _until_done(spark: Any) -> Iterator[Any]:
    try:
        yield spark
    finally:
        spark.stop()


def _started(options: dict[str, str]) -> Any:
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder
    for name, value in options.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError) as error:
        raise UnusableError(f"Spark does not start: {str(error).splitlines()[0]}", misuse=True) from None


@contextlib.contextmanager
def _heard(path: Path) -> Iterator[None]:
    """What a process that is started meanwhile says, Java and the workers that it starts, goes to a file for good."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with path.open("ab") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
