"""Where the cursor stands in a scenario file that is being written: at a key, or in the value of one. By its text alone, since
what is being written is no YAML yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dsl.assist.position import Position

TOP = ""  # the container of the keys of a scenario
_WINDOW = 40  # lines above in which braces are looked for
_PIECE = re.compile(
    r"""(?P<quoted>"(?:\\.|[^"\\\n])*"?|'(?:''|[^'\n])*'?)|(?P<comment>(?<!\S)\#[^\n]*)|(?P<end>\n)|(?P<open>[{\[])"""
    r"""|(?P<close>[}\]])|(?P<comma>,)|(?P<dash>-(?=\s))|(?P<key>[^\s{}\[\],:#"'][^{}\[\],:#"'\n]*?):(?=[\s]|$)|(?P<other>[^\s{}\[\],"'\n]+|\s)""",
    re.VERBOSE,
)
_KEY = re.compile(r"(?P<indent>\s*(?:-\s+)*)(?P<key>[^\s{}\[\],:#\"'-][^{}\[\],:#\"'\n]*?):(?=\s|$)(?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class Place:
    """`typed` is what is written from column `start` up to the cursor. Of a value `key` says whose it is, and is "" for a key;
    `container` is the key that the mapping around stands behind, TOP for the scenario. `others` are the keys beside it."""

    typed: str
    start: int
    key: str
    container: str
    in_braces: bool
    others: tuple[str, ...] = ()


def place(lines: Sequence[str], position: Position) -> Place | None:
    """None in a comment."""
    row = position.line - 1
    before = lines[row][: position.column] if row < len(lines) else ""
    above = "\n".join(lines[max(0, row - _WINDOW) : row])
    around = _Braces(above + "\n" * bool(above) + before)
    if around.in_comment:
        return None
    if around.open:
        return _in_braces(lines, row, before, around)
    written = key_of(before)
    if written:
        start = written.start("rest") + len(written["rest"]) - len(written["rest"].lstrip())
        return Place(before[start:], start, written["key"], _parent(lines, row, len(written["indent"])), in_braces=False)
    lead = re.match(r"\s*(?:-\s+|-$)*", before)
    start = lead.end() if lead else 0
    parent = _parent(lines, row, start)
    if "-" in before[:start] and parent not in ("cycles", "records", "lines"):
        return Place(before[start:], start, parent, parent, in_braces=False)
    return Place(before[start:], start, "", parent, in_braces=False, others=tuple(_siblings(lines, row, start)))


class _Braces:
    """The braces that are open at the end of a text, each with the key before it, and the key that stands behind the last."""

    def __init__(self, text: str) -> None:
        self.open: list[tuple[str, str]] = []
        self.keys: list[list[str]] = []  # of each mapping that is open
        self.key = ""
        self.start = 0  # behind the last brace, comma or key
        self.in_comment = False
        for piece in _PIECE.finditer(text):
            self._take(piece)
        self.length = len(text)

    def _take(self, piece: re.Match[str]) -> None:
        self.in_comment = piece.lastgroup == "comment"
        match piece.lastgroup:
            case "end" if not self.open:
                self.key, self.start = "", piece.end()
            case "open":
                self.open.append((piece[0], self.key))
                self.keys.append([])
                self.key, self.start = self.key if piece[0] == "[" else "", piece.end()
            case "close" if self.open:
                self.open.pop()
                self.keys.pop()
                self.key, self.start = "", piece.end()
            case "comma":
                self.key, self.start = self.open[-1][1] if self.open and self.open[-1][0] == "[" else "", piece.end()
            case "key":
                self.key, self.start = piece["key"].strip(), piece.end()
                if self.keys:
                    self.keys[-1].append(self.key)
            case _:
                pass


def _in_braces(lines: Sequence[str], row: int, before: str, around: _Braces) -> Place:
    start = max(0, len(before) - (around.length - around.start))
    start += len(before[start:]) - len(before[start:].lstrip())
    bracket, container = around.open[-1]
    if not container:
        outer = next((key for _, key in reversed(around.open) if key), "")
        container = outer or _parent(lines, row, len(before) - len(before.lstrip()))
    key = around.key
    others = tuple(around.keys[-1]) if not key and bracket == "{" else ()
    return Place(before[start:], start, key, container, in_braces=True, others=others)


def _parent(lines: Sequence[str], row: int, indent: int) -> str:
    """The key of the line above that a line so far in belongs to."""
    for above in reversed(lines[:row]):
        if above.startswith("---"):
            return TOP
        found = key_of(above)
        if found and len(found["indent"]) < indent and not found["rest"].split("#")[0].strip():
            return found["key"].strip()
    return TOP


def _siblings(lines: Sequence[str], row: int, indent: int) -> Iterator[str]:
    """The keys of the mapping that a line stands in."""
    if not re.match(r"\s*-", lines[row] if row < len(lines) else ""):
        yield from _keys(reversed(lines[:row]), indent, is_up=True)
    yield from _keys(lines[row + 1 :], indent, is_up=False)


def _keys(lines: Iterable[str], indent: int, *, is_up: bool) -> Iterator[str]:
    for line in lines:
        written = key_of(line)
        its = len(written["indent"]) if written else indent + 1
        begins_another = written is not None and its == indent and "-" in written["indent"]
        if its < indent or line.startswith("---") or (begins_another and not is_up):
            return
        if written and its == indent:
            yield written["key"].strip()
        if begins_another:
            return


def key_of(line: str) -> re.Match[str] | None:
    """A line that begins with a key: its groups `indent`, `key` and `rest`."""
    return _KEY.match(line)
