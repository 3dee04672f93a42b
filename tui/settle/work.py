"""What a run has done so far, in a folder beside the one it makes: that one appears when all of it is there.

Each part's files are written beside and renamed, then noted in a journal that is on the disk before the next part begins. A run
that was killed goes on behind the last part that is noted, and comes to the same bytes.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyarrow as arrow
import pyarrow.parquet

from tui import files
from tui.files import FileError
from tui.settle import identity

MANIFEST, JOURNAL = "manifest.json", "journal.jsonl"
TASKS = ".tasks"  # where the tasks of a run on several machines keep what is theirs


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is done: its files with their digests, how many pieces of the usage it and those before took, and what else
    the run wants to know of it when it goes on."""

    number: int
    files: dict[str, str]
    pieces: int
    told: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"number": self.number, "files": self.files, "pieces": self.pieces, "told": self.told}


@dataclass(slots=True)
class Work:
    """The folder of a run that makes `out`. `identity` is what decides the result. Of a run that has `tasks` the parts stand
    with these, and those that it has gathered are theirs."""

    out: Path
    identity: Mapping[str, Any]
    parts: list[Part] = field(default_factory=list)
    tasks: bool = False

    @property
    def folder(self) -> Path:
        return self.out.parent / f".{self.out.name}.settling"

    @contextlib.contextmanager
    def held(self, *, anew: bool = False) -> Iterator[None]:
        """While no other run works on it. What was done before is taken up where it is of the same run, and forgotten where
        this one begins `anew`. Raises FileError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.folder, os.O_RDONLY)
        except OSError as error:
            raise FileError(f"{self.out} can't be made: {why(error)}{self._way_out(error)}") from None
        try:
            self._lock(descriptor)
            if anew:
                self.begin_anew()
            else:
                self._take_up()
            yield
        except FileError as error:
            raise FileError(f"{error}{self._way_out(error.__context__)}") from None
        except OSError as error:
            raise FileError(f"{self.folder} can't be written: {why(error)}{self._way_out(error)}") from None
        finally:
            os.close(descriptor)

    def _way_out(self, error: BaseException | None) -> str:
        """What to do about an error of the disk; "" where there is nothing to say."""
        folder, again = self.out.absolute().parent, "then the same command goes on behind what is done"
        match error:
            case OSError(errno=errno.ENOSPC | errno.EDQUOT):
                return f". Make room in {folder}; {again}"
            case OSError(errno=errno.EROFS):
                return f". Make {folder} writable, or give another --out; {again}"
        return ""

    def _lock(self, descriptor: int) -> None:
        another = FileError(f"another run is making {self.out}; wait for it, or give another --out")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            there = os.stat(self.folder)
        except OSError:
            raise another from None
        if not os.path.samestat(there, os.fstat(descriptor)):
            raise another  # it has just finished: what is locked has got its name
        if files.exists(self.out):
            with contextlib.suppress(OSError):
                os.rmdir(self.folder)
            raise FileError(f"{self.out} has just been made by another run")

    def _take_up(self) -> None:
        path = self.folder / JOURNAL
        if not path.exists():  # what is there, if anything, is of nobody knows which run
            self.begin_anew()
            return
        told = [_json(line) for line in path.read_bytes().split(b"\n")[:-1]]  # the last one may be half there
        mine = _json(json.dumps(dict(self.identity)).encode())
        if not told or told[0] != mine:
            raise FileError(
                f"{self.folder} holds a run that was not finished, {identity.difference(told and told[0], mine)}: "
                "finish that one, or give --restart to begin anew"
            )  # fmt: skip
        self.parts = []
        for line in told[1:]:
            part = Part(**line) if line else None
            if part is None or damaged(self.folder, part):
                break
            self.parts.append(part)
        if not self.tasks:
            self._remove_halves()
        self._write_journal()

    def _remove_halves(self) -> None:
        """What a run that was killed had not finished."""
        known = {name for part in self.parts for name in part.files}
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path.name != JOURNAL and path.relative_to(self.folder).as_posix() not in known:
                path.unlink()

    def begin_anew(self) -> None:
        """Forgets what was done."""
        for name in os.listdir(self.folder):
            path = self.folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.parts = []
        self._write_journal()

    def _write_journal(self) -> None:
        text = "".join(json.dumps(line) + "\n" for line in (dict(self.identity), *(part.as_json() for part in self.parts)))
        files.write(self.folder / JOURNAL, text)
        _sync(self.folder)

    def add(self, part: Part) -> None:
        """A part is done: its files are on the disk. Raises FileError."""
        try:
            with (self.folder / JOURNAL).open("ab") as journal:
                journal.write(json.dumps(part.as_json()).encode() + b"\n")
                journal.flush()
                os.fsync(journal.fileno())
        except OSError as error:
            raise FileError(f"{self.folder / JOURNAL} can't be written: {(error.strerror or str(error)).lower()}") from None
        self.parts.append(part)

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Everything is there: the folder gets its name. Raises FileError."""
        files.write(self.folder / MANIFEST, json.dumps(dict(manifest), indent=1, ensure_ascii=False) + "\n")
        try:
            for path in sorted(self.folder.iterdir()):
                if path.name.startswith("."):
                    path.unlink() if path.is_file() else shutil.rmtree(path)
                elif path.is_dir() and not any(path.iterdir()):
                    path.rmdir()
            for folder in (*(path for path in self.folder.iterdir() if path.is_dir()), self.folder):
                _sync(folder)
            (self.folder / JOURNAL).unlink()
            os.rename(self.folder, self.out)
            _sync(self.out.parent)
        except OSError as error:
            raise FileError(f"{self.out} can't be made: {(error.strerror or str(error)).lower()}") from None


def damaged(folder: Path, part: Part) -> str:
    """The first file of a part that is not there, or not as it was written; "" where all are."""
    for name, digest in part.files.items():
        try:
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    return name
        except OSError:
            return name
    return ""


def why(error: Exception) -> str:
    return identity.why(error).lower()


def _json(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Digested:
    """A file that is written, and digested as it is."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()
        self.closed = False

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return self.file.write(data)

    def flush(self) -> None:
        self.file.flush()

    def tell(self) -> int:
        return self.file.tell()

    def close(self) -> None:
        self.closed = True

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False


@contextlib.contextmanager
def parquet_writer(path: Path, schema: Any) -> Iterator[tuple[Any, dict[str, str]]]:
    """A writer of tables, and a place where its digest stands when it is done. The file appears when it is whole. Raises
    FileError."""
    path.parent.mkdir(exist_ok=True)
    done: dict[str, str] = {}
    whole = [field.name for field in schema if arrow.types.is_int64(field.type)]
    others = [field.name for field in schema if field.name not in whole]
    with files.replacing(path) as file:
        digested = _Digested(file)
        try:
            with arrow.parquet.ParquetWriter(
                arrow.PythonFile(digested, mode="w"), schema, compression="none", use_dictionary=others,
                column_encoding=dict.fromkeys(whole, "DELTA_BINARY_PACKED"), write_page_checksum=True, version="2.6",
            ) as writer:  # fmt: skip
                yield writer, done
        except arrow.ArrowException as error:
            raise FileError(f"{path} can't be written: {why(error)}") from None
        done["sha256"] = digested.digest.hexdigest()
