"""The page that goes from a cycle to its lots, from a lot to its postings, and from a posting to the rule in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from dsl.source import printable, width
from tui.glyphs import LIT
from tui.saying import say
from tui.view import View
from tui.workbench.lines import Lines
from tui.workbench.moment_page import MomentPage
from tui.workbench.page import PageAsked, RuleAsked
from tui.workbench.rows import Rows

if TYPE_CHECKING:  # loaded after the first screen
    from engine.ledger import Lot
    from tui.lots import CycleLots, LotRow, MoveRow, Story
    from tui.naming import Names

QUIET = "$foreground 60%"
LIT_STYLE = "bold underline"
MIN_LIFE = 16  # columns that the life of a lot takes at least
FOOT_FROM_ROWS = 8
STORY_FROM_ROWS = 14
_FEW_LOTS = 3
_BESIDE = -1  # instead of the number of a lot: what moved none


class LotsPage(MomentPage):
    TAB = "Lots"
    HELP = (
        "The lots of the cycle in which the moment falls: each dated piece of the service that was there in it, from its "
        "birth to its end, what came to it, and what is left of it at the moment. Enter shows what moved a lot, Enter again "
        "the rule in the text that did it; f shows each posting on a row of its own, o goes on to the other lot of a "
        "posting, Esc goes back. What the rule at the cursor of the text moved is marked with •."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "select(-1)", "Choose", key_display="↑↓", id="lots.up", tooltip="The row before."),
        Binding("down,j", "select(1)", "Down", show=False, id="lots.down", tooltip="The next row."),
        Binding("enter", "open", "Open", id="lots.open", tooltip="The postings of the lot, or the rule of the posting."),
        Binding("k", "select(-1)", "Up", show=False, id="lots.up_too", tooltip="Go a row up."),
        Binding("escape", "back", "Back", id="lots.back", tooltip="Back to the lots, or to the months."),
        Binding(
            "f", "fold", "Each posting", show=False, id="lots.fold", tooltip="Each posting on a row, or alike ones on one."
        ),
        Binding("o", "other", "Other lot", show=False, id="lots.other", tooltip="The lot from or to which a posting moved."),
        Binding("left", "go_days(-1)", "Day before", show=False, id="lots.day_before", tooltip="A day back."),
        Binding("right", "go_days(1)", "Day after", show=False, id="lots.day_after", tooltip="A day on."),
        Binding("pageup", "select(-10)", "Ten rows up", show=False, id="lots.page_up", tooltip="Go ten rows up."),
        Binding("pagedown", "select(10)", "Ten rows down", show=False, id="lots.page_down", tooltip="Go ten rows down."),
        Binding("home", "select(-100000000)", "First row", show=False, id="lots.first", tooltip="Go to the first row."),
        Binding("end", "select(100000000)", "Last row", show=False, id="lots.last", tooltip="Go to the last row."),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._opened: list[int] = []  # the lots whose postings are shown, the last on top
        self._at_lot = 0
        self._at_move = 0
        self._lots: CycleLots | None = None
        self._story: Story | None = None
        self._is_folded = True
        self._told: tuple[object, int, int, bool, Story] | None = None

    def compose(self) -> ComposeResult:
        yield Lines(id="lots-title")
        yield Lines(id="lots-head")
        yield Rows(id="lots-rows")
        yield Lines(id="lots-story")
        yield Lines(id="lots-foot")

    # ---- keys

    def action_select(self, by: int) -> None:
        rows = self._story if self._story is not None else self._lots
        last = len(rows) - 1 if rows is not None else 0
        if self._story is not None:
            self._at_move = max(0, min(last, self._at_move + by))
        else:
            self._at_lot = max(0, min(last, self._at_lot + by))
        self.draw()

    def action_open(self) -> None:
        if self._story is not None:
            self._open_rule(self._story)
        elif self._lots is not None and len(self._lots):
            lot = self._lots.lot(self._at_lot)
            self._open(_BESIDE if lot is None else lot.number)

    def _open(self, number: int) -> None:
        self._opened.append(number)
        self._at_move = 0
        self.draw()

    def _open_rule(self, story: Story) -> None:
        move = story.row(self._at_move) if len(story) else None
        if move is None or not move.rule:
            self.app.notify(say("No rule of the text did this."))
        else:
            self.post_message(RuleAsked(move.span))

    def action_fold(self) -> None:
        self._is_folded = not self._is_folded
        self._at_move = 0
        self.draw()

    def action_other(self) -> None:
        move = self._story.row(self._at_move) if self._story is not None and len(self._story) else None
        if move is None or move.other is None:
            self.app.notify(say("This posting is of no other lot."))
        else:
            self._open(move.other)

    def action_back(self) -> None:
        if self._opened:
            self._opened.pop()
            self._at_move = 0
            self.draw()
        else:
            self.post_message(PageAsked("Months"))

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        self.focus()
        if self._story is not None:
            self._at_move = event.index
        else:
            self._at_lot = event.index
        self.draw()
        if event.is_opened:
            self.action_open()

    # ---- drawing

    def show(self, view: View) -> None:
        before = self.view
        if (view.service, view.line_name) != (before.service, before.line_name):
            self._opened, self._at_lot = [], 0
        super().show(view)

    def draw(self) -> None:
        from tui.lots import CycleLots
        from tui.naming import Names

        view = self.view
        self._lots = self._story = None
        if view.run is None or view.past is None or not view.service:
            self._put([Content(printable(view.note))], [], [])
            self.query_one(Rows).put(0, lambda _: Content(""), 0)
            return
        names = Names(view.run, view.checked.source if view.checked else None)
        self._lots = lots = CycleLots(view.past, names, view.service, self.cycle, view.moment)
        self._opened = [number for number in self._opened if number < len(view.run.lots)]
        self._at_lot = max(0, min(len(lots) - 1, self._at_lot))
        if self._opened:
            number = self._opened[-1]
            self._story = self._story_of(lots, number)
            self._draw_story(self._story, names)
        else:
            self._draw_lots(lots, names)

    def _story_of(self, lots: CycleLots, number: int) -> Story:
        """Kept until it is about something else: a lot may have a million postings."""
        from tui.lots import Story

        run, past = self.view.run, self.view.past
        assert run
        assert past
        key = (past, number, self.cycle if number == _BESIDE else 0, self._is_folded)
        if self._told is None or self._told[:4] != key:
            lot = None if number == _BESIDE else run.lots[number]
            moves = lots.beside if lot is None else past.moves(number)
            self._told = (*key, Story(lots.names, moves, lot, is_folded=self._is_folded))
        return self._told[4]

    def _put(self, title: list[Content], head: list[Content], foot: list[Content]) -> None:
        for name, lines in (("title", title), ("head", head), ("foot", foot)):
            self.query_one(f"#lots-{name}", Lines).put_lines(lines)

    def _count(self, at: int, count: int) -> str:
        return say("{at} of {count}", at=f"{at + 1:,}", count=f"{count:,}") if count else ""

    def _line(self, left: list[tuple[str, str]], right: str) -> Content:
        """Pieces as far as they fit, and what stands at the right end."""
        room = self.size.width - 4 - width(right)
        while len(left) > 1 and sum(width(text) for text, _ in left) > room:
            left = left[:-1]
        line = Content.assemble(" ", *left).truncate(max(1, room), ellipsis=True)
        return line + " " * max(1, room + 1 - line.cell_length) + Content.styled(right, QUIET)

    # ---- the lots of a cycle

    def _draw_lots(self, lots: CycleLots, names: Names) -> None:
        view = self.view
        assert view.run
        cycle = view.run.statement.cycle(self.cycle)
        title: list[tuple[str, str]] = [
            (say("Lots of cycle {cycle}", cycle=str(cycle.number)), "bold"),
            (say(", {start} to {end}", start=names.day(cycle.start), end=names.day(cycle.end)), ""),
            (say(", at {moment}", moment=names.moment(view.moment)), QUIET),
        ]
        rows = [lots.row(index) for index in range(min(len(lots), 200))]  # widths by those: all of them where there are few
        columns, life = self._columns(rows)
        self._put([self._line(title, self._count(self._at_lot, len(lots)))], [self._lot_head(columns, life)], self._foot(lots))
        below = self._below(lots)
        self.query_one("#lots-story", Lines).put_lines(below)
        list_of_lots = self.query_one(Rows)
        list_of_lots.styles.height = max(_FEW_LOTS, min(len(lots), self.size.height // 2)) if below else "1fr"
        list_of_lots.put(len(lots), lambda index: self._lot_line(lots, index, columns, life), self._at_lot)

    def _below(self, lots: CycleLots) -> list[Content]:
        """What moved the lot that is selected, where there is room for both."""
        if self.size.height < STORY_FROM_ROWS or not len(lots):
            return []
        lot = lots.lot(self._at_lot)
        story = self._story_of(lots, _BESIDE if lot is None else lot.number)
        taken = max(_FEW_LOTS, min(len(lots), self.size.height // 2)) + 4
        room = max(1, self.size.height - taken)
        count = len(story) if len(story) <= room else room - 1
        rows = [story.row(index) for index in range(count)]
        whens, amounts = (max((width(getattr(row, name)) for row in rows), default=0) for name in ("when", "amount"))
        title = Content.styled(" " + (say("What moved it") if lot else say("What moved no lot")), "bold")
        more = (
            [Content.styled("   " + say("and {count} more", count=f"{len(story) - count:,}"), QUIET)]
            if count < len(story)
            else []
        )
        lines = [" " + self._move_line(row, whens, amounts) for row in rows]
        return [Content(""), title, *(line.truncate(self.size.width - 1, ellipsis=True) for line in lines), *more]

    def _columns(self, rows: list[LotRow]) -> tuple[list[tuple[str, str, int]], int]:
        """Head, field and width of each column that fits, and the columns that are left for the life of a lot, or 0."""
        wanted = [
            (say("lot"), "kind"), (say("born"), "born"), (say("ends"), "ends"), (say("came"), "came"), (say("left"), "left"),
        ]  # fmt: skip
        columns = [(head, name, max(width(head), *(width(getattr(row, name)) for row in rows), 1)) for head, name in wanted]
        for dropped in ("born", "came"):
            if sum(wide + 2 for _, _, wide in columns) > self.size.width - 2:
                columns = [one for one in columns if one[1] != dropped]
        life = self.size.width - 3 - sum(wide + 2 for _, _, wide in columns)
        return columns, life if life >= MIN_LIFE else 0

    def _lot_head(self, columns: list[tuple[str, str, int]], life: int) -> Content:
        gaps = [" " * (wide - width(head)) for head, _, wide in columns]
        cells = [head + gap if name == "kind" else gap + head for gap, (head, name, _) in zip(gaps, columns, strict=True)]
        return Content.styled("  " + "  ".join(cells) + (f"  {say('life')}" if life else ""), "bold")

    def _lot_line(self, lots: CycleLots, index: int, columns: list[tuple[str, str, int]], life: int) -> Content:
        row = lots.row(index)
        cells = []
        for _, name, wide in columns:
            text = getattr(row, name)
            gap = " " * (wide - width(text))
            cells.append(text + gap if name == "kind" else gap + text)
        is_lit = self._is_lit_lot(lots, row.lot)
        line = Content.styled(LIT, "bold $text-warning") if is_lit else Content(" ")
        line += Content.styled("  ".join(cells), LIT_STYLE if is_lit else "")
        return line + "  " + Content.styled(self._life(row.lot, life), "$text-success") if life and row.lot else line

    def _is_lit_lot(self, lots: CycleLots, lot: Lot | None) -> bool:
        """Whether the rule at the cursor of the text made the lot, or moved what no lot holds."""
        if lot is None:
            return any(one.span.line == self.view.line for one in lots.beside[:1000])
        return lot.span.line == self.view.line

    def _life(self, lot: Lot, columns: int) -> str:
        from tui.ruler import Ruler

        assert self.view.run
        cycles = self.view.run.statement.cycles
        ruler = Ruler(cycles[0].start, cycles[-1].end, columns)
        return ruler.life(lot.born, lot.end_as_of(self.view.moment), self.view.moment)

    def _foot(self, lots: CycleLots) -> list[Content]:
        """What became of the lot that is selected, where there is room to say it."""
        lot = lots.lot(self._at_lot) if len(lots) else None
        if not FOOT_FROM_ROWS <= self.size.height < STORY_FROM_ROWS or lot is None or self.view.past is None:
            return []
        told = self._story_of(lots, lot.number).went()
        return [Content.assemble((f" {say('in all')} ", QUIET), told).truncate(self.size.width - 1, ellipsis=True)]

    # ---- the postings of a lot

    def _draw_story(self, story: Story, names: Names) -> None:
        view, lot = self.view, story.lot
        assert view.past
        self._at_move = max(0, min(len(story) - 1, self._at_move))
        if lot is None:
            title = [(say("What moved no lot in cycle {cycle}", cycle=str(self.cycle)), "bold")]
        else:
            there = view.past.left(lot.number, view.moment)
            left = names.amount(lot.service, there) if there else say("nothing")
            title = [
                (say("{kind} of {day}", kind=names.kind(lot), day=names.day(lot.born)), "bold"),
                (say(", ends {moment}", moment=names.moment(lot.end_as_of(view.moment))), ""),
                (say(", {amount} left at {moment}", amount=left, moment=names.moment(view.moment)), QUIET),
            ]
        few = [story.row(index) for index in {*range(min(len(story), 100)), *range(max(0, len(story) - 100), len(story))}]
        whens = max((width(row.when) for row in few), default=0)
        amounts = max((width(row.amount) for row in few), default=0)
        self._put([self._line(title, self._count(self._at_move, len(story)))], [], self._move_foot(story))
        self.query_one("#lots-story", Lines).put_lines([])
        list_of_moves = self.query_one(Rows)
        list_of_moves.styles.height = "1fr"
        list_of_moves.put(len(story), lambda index: self._move_line(story.row(index), whens, amounts), self._at_move)

    def _move_line(self, row: MoveRow, whens: int, amounts: int) -> Content:
        is_lit = row.span.line == self.view.line
        line = Content.styled(LIT, "bold $text-warning") if is_lit else Content(" ")
        cells = f"{' ' * (whens - width(row.when))}{row.when}  {row.amount.rjust(amounts)}  {row.what}"
        line += Content.styled(cells, LIT_STYLE if is_lit else "")
        return line + Content.styled(f"  {row.rule}", QUIET) if row.rule else line

    def _move_foot(self, story: Story) -> list[Content]:
        """The rule of the posting that is selected, in full."""
        if self.size.height < FOOT_FROM_ROWS or not len(story):
            return []
        row = story.row(self._at_move)
        return [Content(f" {row.rule or say('no rule of the text did this')}").truncate(self.size.width - 1, ellipsis=True)]
