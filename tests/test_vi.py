"""Vi keys: what a row of keys makes of a text. `|` is the cursor; what is selected is not shown."""

from __future__ import annotations

import pytest

from tui.vi.cursor import Mode
from tui.vi.modes import Vi
from tui.vi.motions import Place

PLAN = """\
plan "Flex 20" postpaid
  grant 20 GB, 300 minutes
  carry 1 month, cap 10 GB

plan "Other" prepaid
  grant 5 GB
"""


class Page:
    """A text as vi asks for it, with a history of whole texts."""

    def __init__(self, marked: str) -> None:
        before, _, after = marked.partition("|")
        self.rows = (before + after).split("\n")
        self.place: Place = (before.count("\n"), len(before.rpartition("\n")[2]))
        self.asked: list[str] = []
        self.copied = ""
        self._kept: list[tuple[list[str], Place]] = []
        self._undone: list[tuple[list[str], Place]] = []
        self._depth = 0

    @property
    def lines(self) -> list[str]:
        return self.rows

    def select(self, _start: Place, end: Place) -> None:
        self.place = end

    def put(self, start: Place, end: Place, text: str) -> Place:
        if not self._depth:
            self._kept.append(([*self.rows], self.place))
        head, tail = self.rows[start[0]][: start[1]], self.rows[end[0]][end[1] :] if end[0] < len(self.rows) else ""
        written = (head + text + tail).split("\n")
        self.rows[start[0] : end[0] + 1] = written
        lines = text.split("\n")
        self.place = (start[0] + len(lines) - 1, len(lines[-1]) + (start[1] if len(lines) == 1 else 0))
        return self.place

    def undo(self) -> None:
        if self._kept:
            self._undone.append(([*self.rows], self.place))
            self.rows, self.place = self._kept.pop()

    def redo(self) -> None:
        if self._undone:
            self._kept.append(([*self.rows], self.place))
            self.rows, self.place = self._undone.pop()

    def begin_step(self) -> None:
        if not self._depth:
            self._kept.append(([*self.rows], self.place))
        self._depth += 1

    def end_step(self) -> None:
        self._depth -= 1
        if not self._depth and self._kept[-1][0] == self.rows:
            self._kept.pop()

    def indent_below(self, row: int) -> str:
        return self.rows[row][: len(self.rows[row]) - len(self.rows[row].lstrip())]

    def scroll(self, pages: float) -> Place:
        return (self.place[0] + int(pages * 4), self.place[1])

    def find(self, by: int) -> None:
        self.asked.append("n" if by > 0 else "N")

    def ask(self, mark: str) -> None:
        self.asked.append(mark)

    def copy(self, text: str) -> None:
        self.copied = text

    def shown(self) -> str:
        rows = [*self.rows]
        row, column = self.place
        rows[row] = f"{rows[row][:column]}|{rows[row][column:]}"
        return "\n".join(rows)


def typed(page: Page, keys: str) -> Vi:
    """Types keys: `<` and `>` enclose a name, such as <escape>; what vi leaves to the editor is written."""
    vi = Vi(page)
    while keys:
        if keys[0] == "<" and ">" in keys and keys[1:].partition(">")[0].replace("+", "").isalnum() and len(keys) > 2:
            name, _, keys = keys[1:].partition(">")
            key, character = name, None
        else:
            key, character, keys = keys[0], keys[0], keys[1:]
        if not vi.key(key, character) and character:
            page.put(page.place, page.place, character)
    return vi


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("|carry 1 month", "w", "carry |1 month"),
        ("|carry 1 month", "2w", "carry 1 |month"),
        ("|carry, cap", "w", "carry|, cap"),
        ("|carry, cap", "W", "carry, |cap"),
        ("carry 1 |month", "b", "carry |1 month"),
        ("|carry 1 month", "e", "carr|y 1 month"),
        ("|carry 1\n  month", "3w", "carry 1\n  mont|h"),
        ("carry |1 month", "0", "|carry 1 month"),
        ("  carry |1 month", "^", "  |carry 1 month"),
        ("|carry 1 month", "$", "carry 1 mont|h"),
        ("|carry 1 month", "fm", "carry 1 |month"),
        ("|carry 1 month", "tm", "carry 1| month"),
        ("|a b b b", "fb;", "a b |b b"),
        ("a b b |b", "Fb;", "a |b b b"),
        ("|a b b b", "2fb,", "a |b b b"),
        ("|one\ntwo\nthree", "jj", "one\ntwo\n|three"),
        ("abc|d\ne\nfghi", "jj", "abcd\ne\nfgh|i"),
        ("abc|d\ne\nfghi", "$jj", "abcd\ne\nfgh|i"),
        ("|one\ntwo\nthree", "G", "one\ntwo\n|three"),
        ("one\ntwo\n|three", "gg", "|one\ntwo\nthree"),
        ("|one\ntwo\nthree", "2G", "one\n|two\nthree"),
        ("|a\nb\n\nc", "}", "a\nb\n|\nc"),
        ("a\nb\n\nc|d", "{", "a\nb\n|\ncd"),
        ("|one\ntwo\nthree", "<ctrl+f>", "one\ntwo\n|three"),
        ("|carry 1 month", "vll<escape>", "ca|rry 1 month"),
        ("|one\ntwo", "Vj<escape>", "one\n|two"),
    ],
)
def test_motions(before: str, keys: str, after: str) -> None:
    page = Page(before)
    typed(page, keys)
    assert page.shown() == after


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("carry |1 month", "x", "carry | month"),
        ("ca|rry", "2x", "ca|y"),
        ("car|ry", "X", "ca|ry"),
        ("carry |1 month", "D", "carry| "),
        ("|carry 1 month", "dw", "|1 month"),
        ("carry 1 |month\ncap", "dw", "carry 1| \ncap"),
        ("|carry 1 month", "d2w", "|month"),
        ("|carry 1 month", "2dw", "|month"),
        ("|carry 1 month", "de", "| 1 month"),
        ("|carry, cap", "dt,", "|, cap"),
        ("one\nt|wo\nthree", "dd", "one\n|three"),
        ("one\ntwo\nthr|ee", "dd", "one\n|two"),
        ("|one", "dd", "|"),
        ("|one\ntwo\nthree", "2dd", "|three"),
        ("one\n|two\nthree\nfour", "dj", "one\n|four"),
        ("one\ntwo\n|three", "dgg", "|"),
        ("|one\ntwo", "ddp", "two\n|one"),
        ("one\n|two", "ddP", "|two\none"),
        ("|one\ntwo", "yyp", "one\n|one\ntwo"),
        ("|one\ntwo", "yy2p", "one\n|one\none\ntwo"),
        ("|ab", "xp", "b|a"),
        ("|one two", "ywP", "one| one two"),
        ("|one two", "cwsix<escape>", "si|x two"),
        ("plan \"Fl|ex 20\" prepaid", "ci\"M<escape>", "plan \"|M\" prepaid"),
        ("|plan \"Flex\" prepaid", "da\"", "plan | prepaid"),
        ("carry on|e month", "diw", "carry | month"),
        ("carry on|e month", "daw", "carry |month"),
        ("  gra|nt 5 GB\nx", "ccbuy<escape>", "  bu|y\nx"),
        ("  gra|nt 5 GB\nx", "Sbuy<escape>", "  bu|y\nx"),
        ("gra|nt 5", "Cin<escape>", "grai|n"),
        ("  |grant", "ocarry<escape>", "  grant\n  carr|y"),
        ("  |grant", "Ocarry<escape>", "  carr|y\n  grant"),
        ("gra|nt", "i__<escape>", "gra_|_nt"),
        ("gra|nt", "a__<escape>", "gran_|_t"),
        ("  gra|nt", "Ix<escape>", "  |xgrant"),
        ("gr|ant", "A 5<escape>", "grant |5"),
        ("|one\n  two\nthree", "J", "one| two\nthree"),
        ("|one\n  two\nthree", "3J", "one two| three"),
        ("|carry", "3~", "CAR|ry"),
        ("c|arry", "rX", "c|Xrry"),
        ("|one\ntwo", ">>", "  |one\ntwo"),
        ("  |one\n  two", "<j", "|one\ntwo"),
        ("|one\ntwo", ">j", "  |one\n  two"),
        ("|one two three", "vey", "|one two three"),
        ("|one two three", "ved", "| two three"),
        ("|one two three", "vwwcx<escape>", "|xhree"),
        ("one\n|two\nthree", "Vd", "one\n|three"),
        ("one\n|two\nthree", "Vjd", "|one"),
        ("|one two", "viwyP", "on|eone two"),
        ("|one two", "yiwwviwp", "one |one"),
        ("|a b\nc", "vj>", "  |a b\n  c"),
        ("|one two three", "dw.", "|three"),
        ("|a\nb\nc", "A;<escape>j0.", "a;\nb|;\nc"),
        ("|one two", "cwx<escape>w.", "x |x"),
        ("|one two", "dwu", "|one two"),
        ("|one two three", "dwdwuu<ctrl+r>", "|two three"),
        ("|one", "Aab<escape>u", "|one"),
    ],
)  # fmt: skip
def test_changes(before: str, keys: str, after: str) -> None:
    page = Page(before)
    typed(page, keys)
    assert page.shown() == after


def test_modes_are_told_and_what_is_typed_of_a_command() -> None:
    page = Page("|one two")
    assert (vi := typed(page, "2d")).typed == "2d"
    assert vi.mode is Mode.NORMAL
    assert typed(page, "i").mode is Mode.INSERT
    assert typed(page, "v").mode is Mode.VISUAL
    assert typed(page, "V").mode is Mode.LINES
    assert typed(page, "V<escape>").mode is Mode.NORMAL
    assert typed(page, "2d<escape>").typed == ""


def test_what_is_not_about_the_text_is_asked_of_the_editor() -> None:
    page = Page("|one two")
    typed(page, "/:nN3:*ZZ")
    assert page.asked == ["/", ":", "n", "N", ":3", "*one", ":wq!"]


def test_what_is_yanked_goes_to_the_clipboard() -> None:
    page = Page("|one\ntwo")
    typed(page, "yy")
    assert page.copied == "one\n"


@pytest.mark.parametrize(
    "keys", ["dk", "fx", "df!", "99x", "9999999999G", "99dd", "dix", "gz", "ZA", "&", "p", "u", ".", "dG", "3."]
)
def test_what_can_not_be_done_leaves_vi_ready_for_the_next_key(keys: str) -> None:
    page = Page("|")
    vi = typed(page, keys)
    assert (vi.typed, vi.mode) == ("", Mode.NORMAL)
    assert page.place == (0, 0)


def test_an_insertion_is_undone_as_one() -> None:
    page = Page("|one\n" + PLAN)
    typed(page, "ofirst<escape>osecond<escape>u")
    assert page.rows[:3] == ["one", "first", 'plan "Flex 20" postpaid']
