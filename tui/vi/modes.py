"""Vi's modes: what each key does to a text. The text is somebody else's; this knows only how it is asked."""

from __future__ import annotations

import re
from collections.abc import Callable

from tui.vi import motions
from tui.vi.cursor import Cursor, Mode
from tui.vi.edits import Edits
from tui.vi.motions import Place, Reach, Stretch, Target
from tui.vi.text import Text

_TYPED = re.compile(r"(?P<count>[1-9]\d*)?(?P<operator>[dcy<>]?)(?P<more>[1-9]\d*)?(?P<what>.*)")
# What is short for an operator and a motion.
_SHORT = {"x": "dl", "X": "dh", "D": "d$", "C": "c$", "Y": "yy", "s": "cl", "S": "cc"}
_KEYS = {
    "left": "h", "right": "l", "up": "k", "down": "j", "home": "0", "end": "$", "backspace": "h", "space": "l", "enter": "+",
    "delete": "x",
}  # fmt: skip
_VISUAL = {"v": Mode.VISUAL, "V": Mode.LINES}
_PAGES = {"ctrl+d": 0.5, "ctrl+u": -0.5, "ctrl+f": 1.0, "ctrl+b": -1.0, "pagedown": 1.0, "pageup": -1.0}


class Vi:
    """Takes keys, one at a time; `mode` and `typed`, the keys of a command that is not whole yet, are for people to see."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.cursor = Cursor(text)
        self.typed = ""
        self._edits = Edits(text)
        self._last: list[tuple[str, str | None]] = []  # the keys of the last change, for `.`
        self._keys: list[tuple[str, str | None]] = []
        self._repeats = False

    @property
    def mode(self) -> Mode:
        return self.cursor.mode

    # ---- keys

    def key(self, key: str, character: str | None) -> bool:
        """Whether the key was vi's; where not, the editor does with it what it does without vi."""
        if self.mode is Mode.INSERT:
            return self._inserting(key, character)
        if key == "escape":
            self.to_normal()
            return True
        if key == "ctrl+r":
            self.text.redo()
            return True
        if key in _PAGES:
            self.cursor.go(Target(self.text.scroll(_PAGES[key]), Reach.LINES))
            return True
        if "+" in key[:-1]:
            return False
        typed = _KEYS.get(key) or (character if character and character.isprintable() else "")
        if not typed:
            return False
        self.typed += typed
        self._keys.append((key, character))
        if self._run(self.typed):
            self.typed = ""
            if not self._is_inserting():
                self._keys = []
        return True

    def _is_inserting(self) -> bool:
        return self.mode is Mode.INSERT

    def to_normal(self) -> None:
        """Where a command is given up, or the insertion ends."""
        was, (row, column) = self.mode, self.cursor.at
        self.cursor.mode, self.typed = Mode.NORMAL, ""
        if was is Mode.INSERT:
            self.text.end_step()
            self._remember()
            column = max(0, column - 1)
        self._keys = []
        self.cursor.stand((row, column))

    def _inserting(self, key: str, character: str | None) -> bool:
        if key == "escape":
            self.to_normal()
            return True
        if not self._repeats:
            self._keys.append((key, character))
        return False

    def _remember(self) -> None:
        if not self._repeats and self._keys:
            self._last = self._keys
        self._keys = []

    def _again(self, count: int) -> None:
        """The last change once more; what was typed in it is written as it was."""
        self._repeats = True
        try:
            for _ in range(count):
                self.typed = ""
                for key, character in self._last:
                    if not self.key(key, character):
                        self._type(key, character)
                if self._is_inserting():
                    self.to_normal()
        finally:
            self._repeats = False

    def _type(self, key: str, character: str | None) -> None:
        at = self.text.place
        if key == "enter":
            self.text.put(at, at, "\n" + self.text.indent_below(at[0]))
        elif key == "backspace" and at[1]:
            self.text.put((at[0], at[1] - 1), at, "")
        elif character and character.isprintable():
            self.text.put(at, at, character)

    # ---- a command

    def _run(self, typed: str) -> bool:
        """Does what was typed; False where it is not whole yet."""
        read = _TYPED.fullmatch(typed)
        assert read is not None
        what, operator = read["what"], read["operator"]
        given = [int(number) for number in (read["count"], read["more"]) if number]
        count = min(given[0] * given[-1] if len(given) == 2 else given[0], 10_000) if given else None
        if not what and not (operator and self.mode is not Mode.NORMAL):
            return False
        if self.mode is not Mode.NORMAL:
            return self._visual(operator, what, count)
        if operator:
            return self._operate(operator, what, count)
        if what in _SHORT:
            short = _SHORT[what]
            return self._operate(short[0], short[1:], count)
        if motions.is_motion(what):
            self.cursor.move(what, count)
            return True
        if motions.begins_motion(what) or what in ("r", "Z"):
            return False
        self._command(what, count or 1, is_counted=count is not None)
        return True

    def _command(self, what: str, count: int, *, is_counted: bool) -> None:
        row, column = self.text.place
        line = self.text.lines[row]
        match what:
            case "i" | "a" | "I" | "A" | "o" | "O":
                self._insert(what)
            case "p" | "P":
                self._change(lambda: self._edits.paste(count, after=what == "p"))
            case "u":
                for _ in range(count):
                    self.text.undo()
                self.cursor.stand(self.text.place)
            case ".":
                self._again(count)
            case "J":
                self._change(lambda: self._edits.join(row, max(2, count)))
            case "~":
                self._change(lambda: self._edits.swap_case((row, column), (row, min(len(line), column + count))))
            case "v" | "V":
                self.cursor.select(_VISUAL[what], (row, column), (row, column))
            case "n" | "N":
                for _ in range(count):
                    self.text.find(1 if what == "n" else -1)
            case "*":
                self.text.ask(f"*{self._word_at(row, column)}")
            case ":" | "/" | "?":
                self.text.ask(f":{count}" if what == ":" and is_counted else what)
            case "ZZ" | "ZQ":
                self.text.ask(":wq!" if what == "ZZ" else ":q!!")
            case _ if what[0] == "r" and len(line) >= column + count:
                self._change(lambda: self._edits.replace_characters(row, column, count, what[1]))

    def _word_at(self, row: int, column: int) -> str:
        found = motions.text_object(self.text.lines, (row, column), "iw")
        return self.text.lines[row][found.start[1] : found.end[1]].strip() if found else ""

    # ---- operators

    def _operate(self, operator: str, what: str, count: int | None) -> bool:
        if what == operator:
            row = self.text.place[0]
            last = min(len(self.text.lines) - 1, row + (count or 1) - 1)
            self._apply(operator, Stretch((row, 0), (last, len(self.text.lines[last])), lines=True))
            return True
        if motions.is_object(what):
            if found := motions.text_object(self.text.lines, self.text.place, what):
                self._apply(operator, found)
            return True
        if motions.is_motion(what):
            self._apply_to_motion(operator, what, count)
            return True
        return not (motions.begins_motion(what) or what in ("i", "a"))

    def _apply_to_motion(self, operator: str, what: str, count: int | None) -> None:
        at = self.text.place
        if operator == "c" and what in ("w", "W") and self.text.lines[at[0]][at[1] : at[1] + 1].strip():
            what = "e" if what == "w" else "E"  # as vi does: what is changed ends with the word
        target = self.cursor.target(what, count)
        if target is None:
            return
        start, end = sorted((at, target.place))
        if what in ("w", "W") and end[0] > start[0] and not self.text.lines[end[0]][: end[1]].strip():
            end = (end[0] - 1, len(self.text.lines[end[0] - 1]))  # the last word of a line does not take the line's end along
        if target.reach is Reach.LINES:
            self._apply(operator, Stretch(start, (end[0], len(self.text.lines[end[0]])), lines=True))
        else:
            self._apply(operator, Stretch(start, (end[0], end[1] + (target.reach is Reach.INCLUSIVE))))

    def _apply(self, operator: str, stretch: Stretch) -> None:
        match operator:
            case "y":
                self._edits.keep(stretch)
                self.text.copy(self._edits.register[0])
                self.cursor.stand((stretch.start[0], self.text.place[1]) if stretch.lines else stretch.start)
            case "d":
                self._change(lambda: self._edits.delete(stretch))
            case "c":
                self._begin_insertion()
                place = self._edits.clear(stretch)
                self.text.select(place, place)
            case _:
                self._change(lambda: self._edits.shift(stretch, 1 if operator == ">" else -1))

    # ---- other changes

    def _change(self, change: Callable[[], Place | None]) -> None:
        """One step of the history, which `.` does again; the place it gives is where the cursor stands then."""
        self.text.begin_step()
        place = change()
        self.text.end_step()
        self.cursor.mode = Mode.NORMAL
        self._remember()
        self.cursor.stand(place if place is not None else self.text.place)

    def _begin_insertion(self) -> None:
        self.text.begin_step()
        self.cursor.mode = Mode.INSERT

    def _insert(self, how: str) -> None:
        self._begin_insertion()
        place = self._edits.open(how)
        self.text.select(place, place)

    # ---- visual modes

    def _visual(self, operator: str, what: str, count: int | None) -> bool:
        """A motion moves the end of what is selected; anything else is done to it."""
        if not operator and what in _VISUAL:
            if _VISUAL[what] is self.mode:
                self.to_normal()
            else:
                self.cursor.turn_to(_VISUAL[what])
            return True
        if not operator and what == "o":
            self.cursor.swap_ends()
            return True
        if not operator and motions.is_object(what):
            if found := motions.text_object(self.text.lines, self.cursor.at, what):
                self.cursor.select(self.mode, found.start, (found.end[0], max(0, found.end[1] - 1)))
            return True
        if not operator and motions.is_motion(what):
            self.cursor.move(what, count)
            return True
        if not operator and (motions.begins_motion(what) or what in ("i", "a")):
            return False
        self._act_on_selection(operator or what)
        return True

    def _act_on_selection(self, what: str) -> None:
        stretch, at = self.cursor.selected(as_lines=what in "XDYS"), self.cursor.at
        (top, _), (bottom, _) = stretch.start, stretch.end
        self.cursor.mode = Mode.NORMAL
        operator = {"x": "d", "X": "d", "D": "d", "s": "c", "S": "c", "Y": "y"}.get(what, what)
        if operator in ("d", "c", "y", "<", ">"):
            self._keys = []  # what it was done to is selected no more: there is nothing to do again
            self._apply(operator, stretch)
        elif what == "~" and top == bottom:
            self._change(lambda: self._edits.swap_case(stretch.start, stretch.end))
        elif what == "J":
            self._change(lambda: self._edits.join(top, bottom - top + 1))
        elif what in ("p", "P"):
            self._change(lambda: self._edits.put_over(stretch))
        else:
            self.cursor.stand(at)
            if what in (":", "/", "?"):
                self.text.ask(what)
