"""What is done to a stretch of a text, and the register: what was deleted or yanked last."""

from __future__ import annotations

from tui.vi import motions
from tui.vi.motions import Place, Stretch
from tui.vi.text import Text

_INDENT = "  "


class Edits:
    """Each gives the place where the cursor stands then. `register` is a text, and whether it is whole lines."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.register = ("", False)

    def keep(self, stretch: Stretch) -> None:
        lines = self.text.lines
        (top, left), (bottom, right) = stretch.start, stretch.end
        if stretch.lines:
            self.register = ("".join(f"{line}\n" for line in lines[top : bottom + 1]), True)
        elif top == bottom:
            self.register = (lines[top][left:right], False)
        else:
            self.register = ("\n".join([lines[top][left:], *lines[top + 1 : bottom], lines[bottom][:right]]), False)

    def delete(self, stretch: Stretch) -> Place:
        self.keep(stretch)
        lines = self.text.lines
        if not stretch.lines:
            self.text.put(stretch.start, stretch.end, "")
            return stretch.start
        top, bottom = stretch.start[0], stretch.end[0]
        if bottom + 1 < len(lines):
            self.text.put((top, 0), (bottom + 1, 0), "")
        elif top:
            self.text.put((top - 1, len(lines[top - 1])), (bottom, len(lines[bottom])), "")
        else:
            self.text.put((0, 0), (bottom, len(lines[bottom])), "")
        row = min(top, len(self.text.lines) - 1)
        return row, motions.first_word(self.text.lines[row])

    def clear(self, stretch: Stretch) -> Place:
        """Takes away what is written anew; of whole lines what is behind their indentation, so that a line stays."""
        self.keep(stretch)
        (row, column), end = stretch.start, stretch.end
        lines = self.text.lines
        if stretch.lines:
            column, end = motions.first_word(lines[row]), (end[0], len(lines[end[0]]))
        self.text.put((row, column), end, "")
        return row, column

    def open(self, how: str) -> Place:
        """Where `i`, `a`, `I` and `A` insert, and `o` and `O`, in a line that they make."""
        row, column = self.text.place
        line = self.text.lines[row]
        match how:
            case "o":
                return self.text.put((row, len(line)), (row, len(line)), "\n" + self.text.indent_below(row))
            case "O":
                indent = line[: motions.first_word(line)]
                self.text.put((row, 0), (row, 0), indent + "\n")
                return row, len(indent)
            case _:
                columns = {"i": column, "a": min(len(line), column + 1), "I": motions.first_word(line), "A": len(line)}
                return row, columns[how]

    def shift(self, stretch: Stretch, by: int) -> Place:
        for row in range(stretch.start[0], stretch.end[0] + 1):
            line = self.text.lines[row]
            if by > 0 and line:
                self.text.put((row, 0), (row, 0), _INDENT)
            elif by < 0:
                self.text.put((row, 0), (row, min(len(_INDENT), motions.first_word(line))), "")
        row = stretch.start[0]
        return row, motions.first_word(self.text.lines[row])

    def paste(self, count: int, *, after: bool) -> Place | None:
        text, is_lines = self.register
        row, column = self.text.place
        line = self.text.lines[row]
        if not text:
            return None
        if is_lines and after:
            self.text.put((row, len(line)), (row, len(line)), "\n" + (text * count)[:-1])
            return row + 1, motions.first_word(self.text.lines[row + 1])
        if is_lines:
            self.text.put((row, 0), (row, 0), text * count)
            return row, motions.first_word(self.text.lines[row])
        at = (row, min(len(line), column + 1) if after else column)
        end = self.text.put(at, at, text * count)
        return at if "\n" in text else (end[0], end[1] - 1)

    def join(self, row: int, count: int) -> Place | None:
        place = None
        for _ in range(count - 1):
            lines = self.text.lines
            if row + 1 >= len(lines):
                break
            place = (row, len(lines[row]))
            following = lines[row + 1]
            space = " " if lines[row].strip() and following.strip() else ""
            self.text.put((row, len(lines[row].rstrip())), (row + 1, motions.first_word(following)), space)
        return place

    def swap_case(self, start: Place, end: Place) -> Place:
        row = start[0]
        self.text.put(start, end, self.text.lines[row][start[1] : end[1]].swapcase())
        return end

    def replace_characters(self, row: int, column: int, count: int, character: str) -> Place:
        self.text.put((row, column), (row, column + count), character * count)
        return row, column + count - 1

    def put_over(self, stretch: Stretch) -> Place:
        text, is_lines = self.register
        self.keep(stretch)
        if stretch.lines or is_lines:
            text = text.removesuffix("\n") if stretch.lines else f"\n{text}"
        self.text.put(stretch.start, stretch.end, text)
        return stretch.start
