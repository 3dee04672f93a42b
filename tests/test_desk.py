"""Open files, folders of them, and what is done to them: without a terminal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui import tour, tree
from tui.buffer import Buffer
from tui.desk import Desk
from tui.file_actions import FileActions
from tui.file_state import FileState, state_of
from tui.files import FileError
from tui.opening import EXAMPLE, opening
from tui.progress import Progress, StoppedError
from tui.tour import Deed, Tour
from tui.tree import Kind, Tree, listing

GOOD = 'plan "A" prepaid\n  grant 1 GB\n  example "e"\n    use 0 GB -> left 1 GB\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def made(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(GOOD)


# ---- which files are open


def test_files_open_behind_the_one_that_is_shown_and_close_to_their_neighbour() -> None:
    desk = Desk(Buffer(Path("a"), ""))
    first = desk.shown
    third = desk.add(Buffer(Path("c"), ""))
    second = desk.add(Buffer(Path("b"), ""))
    assert desk.files == [first, second, third]
    assert desk.beside(-1) is third
    desk.show(third)
    desk.close(third)
    assert desk.shown is second
    desk.close(first)
    assert desk.files == [second]


def test_a_file_is_found_by_whatever_path_leads_to_it(folder: Path) -> None:
    made("a.plan")
    Path("link.plan").symlink_to("a.plan")
    desk = Desk(Buffer(Path("a.plan"), GOOD))
    assert desk.find(folder / "link.plan") is desk.shown
    assert desk.find(Path("b.plan")) is None


def test_what_was_closed_comes_back_once_and_not_while_it_is_open() -> None:
    desk = Desk(Buffer(None, ""))
    for name in ("a", "b"):
        desk.close(desk.add(Buffer(Path(name), "")))
    desk.add(Buffer(Path("b"), ""))
    assert desk.last_closed() == Path("a")
    assert desk.last_closed() is None


def test_files_called_alike_are_told_apart_by_their_folders() -> None:
    desk = Desk(Buffer(Path("new/a.plan"), ""))
    desk.add(Buffer(Path("old\x1b/a.plan"), ""))
    desk.add(Buffer(Path("old/b.plan"), ""))
    assert desk.names() == ["new/a.plan", "b.plan", "old\\x1b/a.plan"]


# ---- what others do to a file


def test_a_look_tells_what_was_never_seen_here() -> None:
    made("a.plan")
    buffer = Buffer(Path("a.plan"), GOOD)
    first = buffer.look()
    assert first.stamp
    assert first.text is None
    assert not buffer.went(first)
    Path("a.plan").write_text(GOOD.replace("\n", "\r\n"))
    assert buffer.look().text is None, "line ends are no change"
    Path("a.plan").write_text("# theirs\n")
    assert buffer.look().text == "# theirs\n"


def test_a_file_goes_once_and_may_come_back() -> None:
    made("a.plan")
    buffer = Buffer(Path("a.plan"), GOOD)
    buffer.went(buffer.look())
    Path("a.plan").unlink()
    assert buffer.went(buffer.look())
    assert not buffer.went(buffer.look())
    assert buffer.is_changed(GOOD), "it is here only"
    made("a.plan")
    assert not buffer.went(buffer.look())
    assert not buffer.is_changed(GOOD)


def test_a_new_file_is_not_gone_before_it_was_there() -> None:
    buffer = Buffer(Path("new.plan"), "")
    assert not buffer.went(buffer.look())
    assert not buffer.is_changed("")


def test_who_kept_their_own_is_not_asked_again_about_the_same_change() -> None:
    made("a.plan")
    buffer = Buffer(Path("a.plan"), GOOD)
    Path("a.plan").write_text("# theirs\n")
    buffer.seen = "# theirs\n"
    assert not buffer.changed_on_disk(Path("a.plan"))
    Path("a.plan").write_text("# theirs again\n")
    assert buffer.changed_on_disk(Path("a.plan"))


# ---- what is opened


def test_nothing_named_opens_an_example_with_the_tour_the_first_time_only() -> None:
    first = opening([])
    assert (first.path, first.hint, first.has_tour) == (None, EXAMPLE, True)
    tour.remember()
    assert not opening([]).has_tour


def test_several_files_and_a_folder_are_opened_each_once() -> None:
    made("a.plan", "b.plan", "plans/c.plan")
    found = opening([Path("a.plan"), Path("plans"), Path("b.plan"), Path("./a.plan"), Path("new.plan")])
    assert found.path == Path("a.plan")
    assert found.more == ((Path("b.plan"), GOOD), (Path("new.plan"), ""))
    assert found.folder == Path("plans")
    assert "new.plan is new" in found.hint
    assert not found.has_tour


def test_a_file_that_cant_be_read_is_told_before_anything_opens() -> None:
    made("a.plan")
    Path("b.plan").write_bytes(b"\xff")
    with pytest.raises(FileError, match=r"b\.plan is not UTF-8"):
        opening([Path("a.plan"), Path("b.plan")])


# ---- a folder as rows


def rows(shown: Tree) -> list[str]:
    return [f"{'  ' * row.depth}{row.note or row.path.name}" for row in shown.rows]


def test_a_folder_lists_folders_then_plans_each_with_its_scenarios() -> None:
    made("b.plan", "A.plan", "a-2.plan", "A.scenario.yaml", "x/c.plan", ".hidden.plan", "notes.txt", "gone.plan~")
    shown = Tree(Path())
    shown.put(Path(), listing(Path()))
    assert rows(shown) == ["x", "A.plan", "A.scenario.yaml", "a-2.plan", "b.plan"]


def test_a_folder_is_read_when_it_is_opened_and_again_when_names_come() -> None:
    made("x/c.plan")
    shown = Tree(Path())
    shown.put(Path(), listing(Path()))
    shown.toggle(Path("x"))
    assert shown.unread() == [Path("x")]
    shown.put(Path("x"), listing(Path("x")))
    assert rows(shown) == ["x", "  c.plan"]
    assert shown.stale() == []
    made("x/d.plan")
    os.utime("x", ns=(1, 1))
    assert shown.stale() == [Path("x")]
    shown.toggle(Path("x"))
    assert rows(shown) == ["x"]


def test_a_folder_without_plans_and_one_that_is_not_there_say_so() -> None:
    shown = Tree(Path())
    shown.put(Path(), listing(Path()))
    assert rows(shown) == ["no plans here"]
    assert listing(Path("nosuch")).note == "can't be read: no such file or directory"


def test_a_folder_of_more_than_anybody_reads_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_LISTED", 3)
    made(*(f"{number}.plan" for number in range(5)))
    found = listing(Path())
    assert len(found.entries) == 3
    assert found.note == "and 2 more files"
    assert {kind for _, kind in found.entries} == {Kind.PLAN}


# ---- how files stand


def test_the_state_of_a_file_counts_problems_and_its_own_tests() -> None:
    made("a.plan")
    Path("a.scenario.yaml").write_text(
        "cycles:\n  - use: 0 GB\n    expect: {left: 2 GB}\n---\ncycles:\n  - use: 0 GB\n    expect: {left: 1 GB}\n"
    )
    Path("b.plan").write_text('plan "B" prepaid\n  grnt 1 GB\n')
    assert state_of(Path("a.plan")) == FileState(passed=1)
    assert state_of(Path("a.scenario.yaml")) == FileState(passed=1, failed=1)
    assert state_of(Path("b.plan")).errors == 1
    assert "no such file" in state_of(Path("c.plan")).unread


# ---- what is done to files


def names() -> set[str]:
    return {path.name for path in Path().iterdir()}


def test_a_plan_is_made_and_runs_and_that_is_taken_back_without_losing_it() -> None:
    actions = FileActions()
    path = actions.new_plan(Path(), "big 40")
    assert path == Path("big 40.plan")
    assert state_of(path) == FileState(passed=1)
    assert actions.undo()
    assert names() == {"big 40.plan~"}


def test_a_plan_is_renamed_with_its_scenarios_and_back() -> None:
    made("a.plan", "a.scenario.yml", "c.plan")
    actions = FileActions()
    actions.rename(Path("a.plan"), "b")
    assert names() == {"b.plan", "b.scenario.yml", "c.plan"}
    actions.undo()
    assert names() == {"a.plan", "a.scenario.yml", "c.plan"}


@pytest.mark.parametrize("name", ["c.plan", "", " ", "..", "x/y", "a\x1bb", ".a", "b.txt/"])
def test_a_name_that_is_taken_or_none_is_refused_and_nothing_happens(name: str) -> None:
    made("a.plan", "c.plan")
    with pytest.raises(FileError):
        FileActions().rename(Path("a.plan"), name)
    assert names() == {"a.plan", "c.plan"}


def test_nothing_is_overwritten_by_a_scenario_that_comes_along() -> None:
    made("a.plan", "a.scenario.yaml", "b.scenario.yaml")
    with pytest.raises(FileError, match=r"b\.scenario\.yaml is there already"):
        FileActions().rename(Path("a.plan"), "b.plan")
    assert names() == {"a.plan", "a.scenario.yaml", "b.scenario.yaml"}


def test_what_is_deleted_is_kept_beside_and_comes_back() -> None:
    made("a.plan", "a.scenario.yaml", "a.plan~")
    actions = FileActions()
    actions.delete(Path("a.plan"))
    assert names() == {"a.plan~", "a.plan~2", "a.scenario.yaml~"}
    made("a.plan")
    with pytest.raises(FileError, match="is there again"):
        actions.undo()
    Path("a.plan").unlink()
    assert actions.undo() is not None
    assert names() == {"a.plan", "a.scenario.yaml", "a.plan~"}
    assert actions.undo() is None


# ---- long work, the tour


def test_long_work_counts_and_stops_between_two_pieces() -> None:
    progress = Progress("Reading")
    seen = []

    def work() -> None:
        for piece in progress.each([1, 2, 3, 4]):
            seen.append(piece)
            if piece == 2:
                progress.stop()

    with pytest.raises(StoppedError):
        work()
    assert seen == [1, 2]
    assert (progress.done, progress.total) == (2, 4)


def test_the_tests_of_one_file_stop_between_two_of_them() -> None:
    example = '  example "{name}"\n    use 1 GB -> left 9 GB\n'
    text = 'plan "A" prepaid\n  grant 10 GB\n' + "".join(example.format(name=number) for number in range(5))
    Path("a.plan").write_text(text)
    assert state_of(Path("a.plan")).passed == 5
    progress = Progress("Testing")
    asked = []

    def step() -> None:
        asked.append(1)
        if len(asked) == 4:
            progress.stop()
        progress.step(0)

    with pytest.raises(StoppedError):
        state_of(Path("a.plan"), step)
    assert len(asked) == 4


def test_the_tour_waits_for_what_it_asks_and_ends() -> None:
    found = Tour()
    assert not found.did(Deed.SAVED)
    for step in tour.STEPS:
        assert found.step is step
        assert found.did(step.waits_for)
    assert found.step is None
    assert 6 <= found.total <= 8
