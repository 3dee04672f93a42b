"""The app's desk: an editor for each open file, the tabs above them, the folder beside, and nothing typed is ever lost."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import TextArea

from tui.desk import OpenFile
from tui.language import message
from tui.progress import Progress
from tui.saying import say
from tui.workbench.editor import PlanEditor
from tui.workbench.editor.text_pane import TextPane
from tui.workbench.file_app import FileApp

if TYPE_CHECKING:  # loaded when they are first shown: the first screen should not wait for them
    from tui.workbench.file_tabs import FileTabs
    from tui.workbench.folder_pane import FolderPane
    from tui.workbench.keeping import Keeper
    from tui.workbench.outside import Outside
    from tui.workbench.progress_line import ProgressLine

T = TypeVar("T")

EMPTY = message("""\
Write a plan here, for example:

  plan "Mine" prepaid
    grant 10 GB

Ctrl+O opens a file, Ctrl+B shows the folder, F1 helps.""")
BESIDE_COLUMNS = 140  # from here on a folder has a column of its own; else it stands over the others


class DeskApp(FileApp):
    """Shows open files in editors, made when they are first shown; a subclass shows what the one that is shown does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+b,alt+f", "folder", "Folder", show=False, id="files.folder", tooltip="Show the folder of plans, or hide it."
        ),
        Binding(
            "ctrl+pagedown,alt+full_stop",
            "next_file",
            "Next file",
            show=False,
            id="files.next",
            tooltip="Go on to the next file.",
        ),
        Binding(
            "ctrl+pageup,alt+comma", "next_file(-1)", "File before", show=False, id="files.previous", tooltip="Go back a file."
        ),
        Binding("ctrl+f4,alt+w", "close_file", "Close file", show=False, id="files.close", tooltip="Close this file."),
        Binding("alt+o", "reopen_file", "Reopen", show=False, id="files.reopen", tooltip="Open the file that was closed last."),
        Binding("alt+r", "recover", "Recover", show=False, id="files.recover", tooltip="Texts that were not saved before."),
    ]

    def __init__(self, path: Path | None, text: str, more: Sequence[tuple[Path, str]], folder: Path | None) -> None:
        super().__init__(path, text, more)
        self._first_folder = folder
        self.is_started = False  # what needs the disk and can wait comes after the first screen
        self._editors: dict[OpenFile, PlanEditor] = {}
        self._keeper: Keeper
        self._outside: Outside
        self._tabs: FileTabs | None = None
        self._folder_pane: FolderPane | None = None
        self._progress: ProgressLine | None = None

    # ---- what a subclass does

    def edited(self) -> None:
        """The text that is shown was edited; its message is on the way."""
        raise NotImplementedError

    def text_changed(self) -> None:
        """The text that is shown is another."""
        raise NotImplementedError

    def turned(self, file: OpenFile) -> None:
        """Another file is shown."""
        raise NotImplementedError

    def file_dropped(self, file: OpenFile) -> None:
        """A file was closed."""
        raise NotImplementedError

    def hide_hint(self) -> None:
        raise NotImplementedError

    def go_to_text(self) -> None:
        """The text that is shown has the focus."""
        raise NotImplementedError

    # ---- the start

    async def start_desk(self) -> None:
        """After the first screen: shows the folder that was named, looks at the files, and offers what was left."""
        from tui.workbench.keeping import Keeper
        from tui.workbench.outside import LOOK_SECONDS, Outside

        self._keeper, self._outside = Keeper(self), Outside(self)
        self.is_started = True
        for file in self.desk.changed:  # it was quicker than this
            self._keeper.changed(file, 0)
        self.show_files()
        self._outside.look()
        self.set_interval(LOOK_SECONDS, self._outside.look)
        if self._first_folder:
            await self._show_folder(self._first_folder, has_focus=self.desk.shown.is_blank)
        self._offer_what_was_left()

    @work(group="recover")
    async def _offer_what_was_left(self) -> None:
        for file in list(self.desk.files):
            await self._keeper.offer(file)
        await self._keeper.tell_others()

    @work(exclusive=True, group="file")
    async def action_recover(self) -> None:
        if self.is_started:
            await self._keeper.recover()

    def on_app_focus(self) -> None:
        if self.is_started:
            self._outside.look()

    def on_resize(self, event: events.Resize) -> None:
        self.screen_stack[0].set_class(event.size.width >= BESIDE_COLUMNS, "-broad")

    # ---- editors

    @property
    def editor(self) -> PlanEditor:
        """The text that is being edited."""
        return self._editors[self.desk.shown]

    @property
    def text(self) -> str:
        return self.editor.text

    def new_editor(self, file: OpenFile) -> PlanEditor:
        id = "editor" if not self._editors else f"editor-{file.key}"
        editor = self._editors[file] = PlanEditor(file.buffer.saved, id=id)
        editor.on_edit = self.edited
        editor.placeholder = Content(say(EMPTY))
        file.buffer.saved = editor.text  # with the line ends it has here, and would be written with
        return editor

    def text_of(self, file: OpenFile) -> str:
        return self._editors[file].text if file in self._editors else file.buffer.saved

    def place_of(self, file: OpenFile) -> tuple[int, int]:
        return self._editors[file].cursor_location if file in self._editors else (0, 0)

    def change_text(self, file: OpenFile, text: str, place: tuple[int, int] | None = None) -> None:
        editor = self._editors.get(file)
        if editor is None:
            file.buffer.saved = text  # nobody saw it yet
            return
        scroll, (row, column) = editor.scroll_offset, place or editor.cursor_location
        editor.replace(text, (0, 0), editor.document.end)
        row = max(0, min(row, editor.document.line_count - 1))
        editor.move_cursor((row, max(0, min(column, len(editor.document.get_line(row))))))
        if place is None:
            editor.scroll_to(*scroll, animate=False)

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        file = next((file for file, editor in self._editors.items() if editor is event.text_area), None)
        if file is None or not self.is_seen:
            return
        was_changed, file.is_changed = file.is_changed, file.buffer.is_changed(event.text_area.text)
        if self.is_started:
            self._keeper.changed(file, event.text_area.document.line_count)
        if self._folder_pane:
            self._folder_pane.last_key = time.monotonic()
        if was_changed != file.is_changed:
            self.show_files()
        if file is self.desk.shown:
            self.text_changed()

    # ---- files

    async def show_file(self, file: OpenFile) -> None:
        editor = self._editors.get(file) or self.new_editor(file)
        await self.query_one(TextPane).show_editor(editor)
        self.desk.show(file)
        self.show_files()
        self.turned(file)
        self.go_to_text()

    async def drop_file(self, file: OpenFile) -> None:
        self.file_dropped(file)
        if editor := self._editors.pop(file, None):
            await editor.remove()

    async def file_opened(self, file: OpenFile) -> None:
        self.hide_hint()
        if self.is_started:
            await self._keeper.offer(file)

    async def file_settled(self, file: OpenFile) -> None:
        if not self.is_started:
            return
        self._keeper.changed(file, 0)
        await self._keeper.flush()

    async def before_exit(self) -> None:
        if self.is_started:
            await self._keeper.end()

    def show_files(self) -> None:
        """Names the open files where they are named."""
        files = self.desk.files
        if self._tabs is None and len(files) > 1:
            from tui.workbench.file_tabs import FileTabs

            self._tabs = FileTabs(id="files")
            self.query_one("#text").mount(self._tabs, before=0)
        if self._tabs:
            self._tabs.show(self.desk.names(), [file.is_changed for file in files], files.index(self.desk.shown))
        if self._folder_pane:
            paths = {os.path.abspath(file.buffer.path) for file in files if file.buffer.path and file.is_changed}
            self._folder_pane.show_files(paths, self.buffer.path)

    async def on_file_tabs_chosen(self, event: FileTabs.Chosen) -> None:
        await self.show_file(self.desk.files[event.index])

    @work(exclusive=True, group="file")
    async def on_file_tabs_close_asked(self, event: FileTabs.CloseAsked) -> None:
        await self.close_file(self.desk.files[event.index])

    # ---- the folder. Its handlers go by name, as those of the tabs do: what sends them is loaded late.

    def action_folder(self) -> None:
        """Shows the folder and goes there; hides it where one is there already."""
        pane = self._folder_pane
        if pane and pane.display and (pane.has_focus or self.screen.has_class("-broad")):
            self._hide_folder()
        else:
            parent = self.buffer.path.parent if self.buffer.path else Path()
            self.show_folder(pane.root if pane else parent)

    def show_folder(self, folder: Path) -> None:
        self.run_worker(self._show_folder(folder), group="folder-pane")

    async def _show_folder(self, folder: Path, *, has_focus: bool = True) -> None:
        if self._folder_pane is None or self._folder_pane.root != folder:
            from tui.workbench.folder_pane import FolderPane

            if self._folder_pane:
                await self._folder_pane.remove()
            self._folder_pane = FolderPane(folder, id="folder", aside=self.run_aside)
            await self.query_one("#panes").mount(self._folder_pane, before=0)
        self._folder_pane.display = True
        self.show_files()
        if has_focus:
            self.set_focus(self._folder_pane)

    def _hide_folder(self) -> None:
        if self._folder_pane:
            self.go_to_text()
            self._folder_pane.display = False

    def _left_folder(self) -> None:
        """The text is wanted: a folder that stands over it goes."""
        if not self.screen.has_class("-broad"):
            self._hide_folder()
        self.go_to_text()

    async def run_aside(self, progress: Progress, work: Callable[[Progress], T]) -> T | None:
        """Long work, with its progress on the screen; None where Esc stopped it."""
        if self._progress is None:
            from tui.workbench.progress_line import ProgressLine

            self._progress = ProgressLine(id="progress")
            await self.screen_stack[0].mount(self._progress, before="#keys")
        return await self._progress.run(progress, work)

    def stop_aside(self) -> bool:
        """Whether there was long work to stop."""
        return self._progress is not None and self._progress.stop()

    @work(exclusive=True, group="file")
    async def on_folder_pane_opened(self, event: FolderPane.Opened) -> None:
        if await self.open_file(event.path):
            self._left_folder()

    def on_folder_pane_moved(self, event: FolderPane.Moved) -> None:
        for before, after in event.moves:
            if file := self.desk.find(before):
                file.buffer.path = after
                self._keeper.changed(file, 0)
        self.file_changed()

    def on_folder_pane_left(self) -> None:
        if not self.stop_aside():  # as Esc does everywhere
            self._left_folder()
