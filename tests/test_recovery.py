"""What was typed and not saved survives: the journal by itself, in the app, and through a terminal with a kill in it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pexpect
import pyte
import pytest
from command_line import ENTRY, environment
from screens import PLAN, opened, pressed, screen, settled, shown
from textual.pilot import Pilot

from tui.files import FileError
from tui.journal import Journal, Kept, digest
from tui.locks import Lock, is_held
from tui.workbench.app import RolloverApp
from tui.workbench.dialogs import Ask
from tui.workbench.two_texts import TwoTexts, changed_lines

NOW = datetime(2026, 3, 1, 12, 30)
ORPHAN = "plan typed\n"


def left_behind(state: Path, path: Path | None, text: str, base: str = "") -> Path:
    """A text as a run leaves it that was killed: its lock is there, and nobody holds it."""
    state.mkdir(mode=0o700, exist_ok=True)
    journal = Journal(state)
    journal.keep(1, path, digest(base), text, (0, 2), NOW)
    assert journal._lock
    journal._lock.release()
    return next((state / "unsaved").glob(f"{journal._name}-1.text"))


def kept(state: Path) -> list[Path]:
    return sorted((state / "unsaved").glob("*.text"))


# ---- the journal


def test_what_a_killed_run_left_is_found_with_its_file_text_and_place(state: Path, tmp_path: Path) -> None:
    entry = left_behind(state, tmp_path / "a.plan", "é\r\ntyped", "saved")
    (found,) = Journal(state).left()
    assert found == Kept(entry, tmp_path / "a.plan", digest("saved"), NOW, (0, 2))
    assert Journal.text(found) == "é\r\ntyped"


def test_only_this_user_reads_what_is_kept(state: Path) -> None:
    entry = left_behind(state, None, ORPHAN)
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600
    assert stat.S_IMODE(entry.parent.stat().st_mode) == 0o700


def test_a_run_that_lives_keeps_its_texts_to_itself(state: Path) -> None:
    state.mkdir(mode=0o700)
    alive = Journal(state)
    alive.keep(1, None, "", ORPHAN, (0, 0), NOW)
    assert Journal(state).left() == []
    alive.forget(1)
    alive.end()
    assert [*(state / "unsaved").iterdir()] == []


def test_of_two_that_claim_a_text_one_has_it(state: Path) -> None:
    left_behind(state, None, ORPHAN)
    first, second = Journal(state), Journal(state)
    (found,) = first.left()
    mine = first.claim(found)
    assert mine
    assert second.claim(found) is None
    assert second.left() == []
    first.end()
    assert [one.at for one in second.left()] == [NOW], "it was put off, and is offered again"


def test_a_file_that_is_no_journal_is_passed_by(state: Path) -> None:
    left_behind(state, None, ORPHAN)
    for number, text in enumerate([b"", b"\xff\xfe", b"[" * 30_000, b'{"path": 3}\n', b'{"path": null, "at": "x"}\nx']):
        (state / "unsaved" / f"1-a-{number}.text").write_bytes(text)
    assert [one.entry.name[-6:] for one in Journal(state).left()] == ["1.text"]


def test_a_lock_is_held_as_long_as_its_process_lives(tmp_path: Path) -> None:
    code = f"from tui.locks import Lock\nlock = Lock({str(tmp_path / 'l')!r})\nprint(1, flush=True)\ninput()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
    ) as child:
        assert child.stdout
        child.stdout.readline()
        assert is_held(tmp_path / "l", None)
        child.kill()
        child.wait()
    assert not is_held(tmp_path / "l", child.pid)


def test_without_locks_a_process_that_lives_keeps_its_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_here(_file: int, *, shared: bool) -> None:
        raise OSError(95, "operation not supported", shared)

    Lock(tmp_path / "l").release()
    monkeypatch.setattr("tui.locks._lock", none_here)
    assert is_held(tmp_path / "l", os.getpid())
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert not is_held(tmp_path / "l", child.pid)


# ---- while somebody types


def told(app: RolloverApp) -> list[str]:
    return [one.message for one in app._notifications]


async def until(pilot: Pilot[int], done: object) -> None:
    for _ in range(100):
        if callable(done) and done():
            return
        await pilot.pause(0.05)
    raise AssertionError


async def test_what_is_typed_is_kept_until_it_is_saved(state: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    path.write_text(PLAN)
    async with opened(path=path) as (_, pilot):
        await pressed(pilot, "x")
        await until(pilot, lambda: kept(state))
        assert kept(state)[0].read_text().partition("\n")[2] == "x" + PLAN
        await pressed(pilot, "ctrl+s")
        assert kept(state) == []


async def test_what_is_typed_and_taken_back_is_not_kept(state: Path) -> None:
    async with opened() as (_, pilot):
        await pressed(pilot, "x")
        await until(pilot, lambda: kept(state))
        await pressed(pilot, "ctrl+z")
        await until(pilot, lambda: not kept(state))


async def test_who_quits_without_saving_wants_nothing_kept(state: Path) -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "x")
        await until(pilot, lambda: kept(state))
        await pressed(pilot, "ctrl+q", "d")
    assert app.return_value == 0
    assert [*(state / "unsaved").iterdir()] == []


async def test_where_nothing_can_be_kept_that_is_told_once_and_editing_goes_on(state: Path) -> None:
    state.write_text("a file where the folder should be")
    async with opened() as (app, pilot):
        await pressed(pilot, "x")
        await shown(pilot, "What you type is not kept until you save it")
        app.clear_notifications()
        await pressed(pilot, "y")
        await pilot.pause(1)
        assert "not kept" not in screen(app)
        assert app.text == "xy" + PLAN


async def test_a_full_disk_is_told_once(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise FileError("no space left on device")

    monkeypatch.setattr("tui.journal.files.write", full)
    async with opened() as (app, pilot):
        await pressed(pilot, "x")
        await until(pilot, lambda: told(app) == ["What you type is not kept until you save it: no space left on device"])
        monkeypatch.undo()
        monkeypatch.setenv("ROLLOVER_STATE", str(state))
        await pressed(pilot, "y")
        await until(pilot, lambda: kept(state))
        assert app.text == "xy" + PLAN


# ---- at the next start


async def test_it_is_offered_shown_and_recovered_as_a_change_that_can_be_undone(state: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    path.write_text(PLAN)
    left_behind(state, path, "# mine\n" + PLAN, PLAN)
    async with opened(path=path) as (app, pilot):
        await shown(pilot, "a.plan: what was typed until 2026-03-01 12:30 was not saved when Rollover ended. Recover")
        await pressed(pilot, "l")
        assert isinstance(app.screen, TwoTexts)
        await shown(pilot, "+# mine")
        await pressed(pilot, "escape", "r")
        assert app.text == "# mine\n" + PLAN
        assert app.editor.cursor_location == (0, 2)
        assert "a.plan · not saved" in screen(app)
        await until(pilot, lambda: len(kept(state)) == 1)
        await pressed(pilot, "ctrl+z")
        assert app.text == PLAN
    assert path.read_text() == PLAN


async def test_a_file_that_was_changed_since_is_said_to_be(state: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    path.write_text(PLAN)
    left_behind(state, path, ORPHAN, "before")
    async with opened(path=path) as (_, pilot):
        await shown(pilot, "The file was changed since.")


async def test_what_is_discarded_is_gone_and_what_is_put_off_is_asked_again(state: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    path.write_text(PLAN)
    left_behind(state, path, ORPHAN)
    for key, left in (("escape", 1), ("d", 0)):
        async with opened(path=path) as (app, pilot):
            await shown(pilot, "was not saved when Rollover ended")
            await pressed(pilot, key)
            assert app.text == PLAN
            await pressed(pilot, "ctrl+q")
        assert len(kept(state)) == left


async def test_what_was_saved_elsewhere_in_the_meantime_is_not_asked_about(state: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    path.write_text(PLAN)
    left_behind(state, path, PLAN)
    async with opened(path=path) as (app, pilot):
        await until(pilot, lambda: not kept(state))
        assert not isinstance(app.screen, Ask)


async def test_what_is_left_of_other_files_is_told_and_recovered_from_the_commands(state: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.plan"
    path.write_text(PLAN)
    left_behind(state, path, "# mine\n" + PLAN, PLAN)
    async with opened(path=tmp_path / "a.plan") as (app, pilot):
        await until(pilot, lambda: "A text that was not saved before can be recovered: Ctrl+P, then Recover." in told(app))
        await pressed(pilot, "alt+r")
        await shown(pilot, "other.plan: what was typed")
        await pressed(pilot, "r")
        assert app.text == "# mine\n" + PLAN
        assert "other.plan" in screen(app)


async def test_a_file_that_cant_be_read_any_more_keeps_what_is_left_of_it(state: Path, tmp_path: Path) -> None:
    (tmp_path / "other.plan").mkdir()
    left_behind(state, tmp_path / "other.plan", ORPHAN)
    async with opened(path=tmp_path / "a.plan") as (app, pilot):
        await pressed(pilot, "alt+r")
        await until(pilot, lambda: any("is a folder" in one for one in told(app)))
        await pressed(pilot, "ctrl+q")
    assert len(kept(state)) == 1


async def test_a_text_without_a_file_is_offered_where_none_is_named(state: Path) -> None:
    left_behind(state, None, ORPHAN)
    async with opened() as (app, pilot):
        await shown(pilot, "unnamed: what was typed")
        await pressed(pilot, "r")
        assert app.text == ORPHAN


def test_the_difference_is_safe_to_show_and_has_an_end() -> None:
    assert changed_lines("a\n", "a\n") == ["The texts are the same."]
    assert changed_lines("", "\x1b[31m")[-1] == "+\\x1b[31m"
    assert changed_lines("", "\n".join(map(str, range(3_000))))[-1] == "and more"


# ---- through a terminal


class Terminal:
    """`rollover` in a pseudo-terminal, its screen as rows of text."""

    def __init__(self, folder: Path, *args: str) -> None:
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        env = environment(TERM="xterm-256color", COLUMNS="80", LINES="24")
        command, *options = [*ENTRY, *args]
        self.child = pexpect.spawn(command, options, dimensions=(24, 80), cwd=str(folder), env=env, timeout=30)

    def shows(self, text: str, seconds: float = 60) -> None:
        """Waits until a text is on the screen, over however many rows."""
        until = time.monotonic() + seconds
        while text not in " ".join(" ".join(self._screen.display).split()):
            assert time.monotonic() < until, "\n".join(self._screen.display)
            try:
                self._stream.feed(self.child.read_nonblocking(65_536, 0.2))
            except pexpect.TIMEOUT:
                continue

    def press(self, keys: str) -> None:
        self.child.send(keys)


def test_typed_killed_started_recovered(state: Path, tmp_path: Path) -> None:
    path = tmp_path / "flex.plan"
    path.write_text(PLAN)
    first = Terminal(tmp_path, "flex.plan")
    first.shows("✓ no problems")
    first.press("# typed in vain?\r")
    first.shows("# typed in vain?")
    until = time.monotonic() + 30
    while not any("in vain?\n" in one.read_text() for one in kept(state)):
        assert time.monotonic() < until
        first.shows("flex.plan · not saved")
        time.sleep(0.05)
    first.child.kill(signal.SIGKILL)
    first.child.wait()
    assert path.read_text() == PLAN

    second = Terminal(tmp_path, "flex.plan")
    second.shows("was not saved when Rollover ended")
    second.press("r")
    second.shows("# typed in vain?")
    second.press("\x13")
    second.shows("Saved flex.plan")
    assert path.read_text() == "# typed in vain?\n" + PLAN
    second.press("\x11")
    second.child.expect(pexpect.EOF)
    assert [*(state / "unsaved").iterdir()] == []


async def test_nothing_is_written_where_nobody_types(state: Path) -> None:
    async with opened() as (_, pilot):
        await settled(pilot)
    assert not (state / "unsaved").exists()
