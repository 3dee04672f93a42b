"""What is done to files from the tree: made, renamed, deleted, and each of these taken back. Nothing is ever overwritten.

A deleted file is kept under another name beside it, which no list of plans shows, so that it can be had back at any time.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from dsl.source import printable
from tui import files, folders, starter
from tui.files import FileError
from tui.language import message
from tui.saying import say

KEPT = "~"
_KEPT_STEPS = 100


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, as moves of files; a move from None is a file or folder that was made."""

    said: str
    moves: tuple[tuple[Path | None, Path], ...]


class FileActions:
    """Each raises FileError, with a sentence, where it can't be done, and then nothing is."""

    def __init__(self) -> None:
        self._done: list[Step] = []

    def new_plan(self, folder: Path, name: str) -> Path:
        """A small plan to start from, with `.plan` where the name has no ending of its own."""
        path = _free(folder, name, folders.PLAN)
        files.write(path, starter.plan_text(path) if path.name.endswith(folders.PLAN) else "")
        self._did(Step(say("{name} made", name=path.name), ((None, path),)))
        return path

    def new_folder(self, folder: Path, name: str) -> Path:
        path = _free(folder, name, "")
        try:
            path.mkdir()
        except OSError as error:
            raise FileError(say("{path} can't be made: {why}", path=str(path), why=files.why(error))) from None
        self._did(Step(say("{name} made", name=path.name), ((None, path),)))
        return path

    def rename(self, path: Path, name: str) -> list[tuple[Path, Path]]:
        """Gives a file another name in its folder, and the scenarios beside a plan theirs; which became which."""
        ending = _ending(path)
        target = _free(path.parent, name, ending)
        if ending and _ending(target) != ending:
            raise FileError(say("{name}: the name must end in {ending}", name=name, ending=ending))
        moves = [(path, target)]
        if ending == folders.PLAN:
            stem = target.name.removesuffix(ending)
            for beside in folders.scenarios_beside(path):
                moves.append((beside, _free(path.parent, stem + _ending(beside), "")))
        self._move(moves)
        self._did(Step(say("{name} is now {other}", name=path.name, other=target.name), tuple(moves)))
        return moves

    def delete(self, path: Path) -> list[tuple[Path, Path]]:
        """Puts a file, and the scenarios beside a plan, out of the way, under names that end in `~`; which became which."""
        beside = folders.scenarios_beside(path) if path.name.endswith(folders.PLAN) else []
        moves = [(one, _kept(one)) for one in (path, *beside)]
        self._move(moves)
        self._did(Step(say("{name} deleted", name=path.name), tuple(moves)))
        return moves

    def undo(self) -> tuple[str, list[tuple[Path, Path]]] | None:
        """Takes back the last step: what it was, and which path became which; None where there is none."""
        if not self._done:
            return None
        step = self._done[-1]
        moves = [(after, before or _kept(after)) for before, after in step.moves]
        for _, target in moves:
            if files.exists(target):
                raise FileError(say("{path} is there again: rename it first", path=str(target)))
        if step.moves[0][0] is None and files.is_folder(step.moves[0][1]):
            _remove_empty(step.moves[0][1])
            moves = []
        else:
            self._move(moves)
        self._done.pop()
        return step.said, moves

    def _did(self, step: Step) -> None:
        self._done = [*self._done[-_KEPT_STEPS:], step]

    @staticmethod
    def _move(moves: list[tuple[Path, Path]]) -> None:
        done: list[tuple[Path, Path]] = []
        for before, after in moves:
            try:
                os.rename(before, after)
            except (OSError, ValueError) as error:
                for source, target in reversed(done):
                    os.rename(target, source)
                raise FileError(say("{path} can't be renamed: {why}", path=str(before), why=files.why(error))) from None
            done.append((before, after))


def _ending(path: Path) -> str:
    return next((ending for ending in (folders.PLAN, *folders.SCENARIOS) if path.name.endswith(ending)), "")


def _free(folder: Path, name: str, ending: str) -> Path:
    """A path of that name in a folder, with `ending` where it has none. Raises FileError where there is one, or can't be."""
    name = name.strip()
    if not name or name in (".", "..") or name.startswith("."):
        raise FileError(say("write a name, such as my.plan"))
    if "/" in name or os.sep in name or printable(name) != name:
        told = (
            message("{name}: a name has no / in it") if "/" in name else message("{name}: a name has no such characters in it")
        )
        raise FileError(say(told, name=name))
    path = folder / name
    if ending and not _ending(path):
        path = folder / (name + ending)
    if os.path.lexists(path):
        raise FileError(say("{path} is there already", path=str(path)))
    return path


def _kept(path: Path) -> Path:
    """A name beside a path that is free."""
    number = 1
    while os.path.lexists(kept := path.with_name(f"{path.name}{KEPT}{number if number > 1 else ''}")):
        number += 1
    return kept


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError as error:
        raise FileError(say("{path} can't be removed: {why}", path=str(folder), why=files.why(error))) from None
