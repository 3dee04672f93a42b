"""What goes wrong while settling is told, and nothing is lost or doubled by it."""

from __future__ import annotations

import errno
import fcntl
import itertools
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

pytest.importorskip("numpy")
pytest.importorskip("pyarrow")

import pyarrow as arrow
import pyarrow.parquet as parquet
from bases import PLANS, contents, figures, lots, rows, rows_of, settle, usage
from command_line import ENTRY, environment, rollover, written

from engine.batch.lines import Form
from tui import settling
from tui.files import FileError
from tui.settle import identity, settler, totals

BASE = {1: (6000, 25000), 2: (0, 0), 3: (40000, 20000)}


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("base.plan", PLANS)


def many(lines: int = 400) -> Path:
    draw = random.Random(1)
    base = {name: (draw.randrange(40000), draw.randrange(40000)) for name in range(lines)}
    return usage(rows_of(base, {name: ("W1", "Three")[name % 2] for name in base}))


# ---- files without a plan


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# later\n", 'none.plan has no plan; start one with a line such as plan "Prepaid 10" prepaid'),
        (
            'regulation "R"\n  unused data: must carry\n',
            "none.plan has no plan, but what plans must do: rollover check PLANS --against none.plan",
        ),
    ],
)
def test_where_there_is_no_plan_that_is_told(text: str, said: str) -> None:
    path = usage(rows_of(BASE))
    assert settle(path, plans=str(written("none.plan", text)), exits=2) == f"{said}\n"
    Path("empty").mkdir()
    assert settle(path, plans="empty", exits=2) == "no plan files there; plan files end in .plan\n"


# ---- rows that are bad


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"data": -1}, "data is below zero"),
        ({"plan": "Free"}, "its plan is in none of the files"),
        ({"plan": None}, "its plan is in none of the files"),
        ({"plan": "Three"}, "on another plan than in its first row"),
        ({"start": None}, "its start is not from"),
        ({"start": datetime(2026, 2, 1)}, "starts otherwise than in its first row"),
        ({"cycle": 1}, "a second row of this cycle"),
        ({"cycle": 0}, "its cycle is not from 1"),
        ({"cycle": 2_000_000_000}, "its cycle is not from 1"),
        ({"cycle": None}, "its cycle is not from 1"),
        ({"subscriber": None}, "no subscriber"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_row_is_rejected_with_its_reason(change: dict[str, object], reason: str) -> None:
    told = rows_of(BASE)
    told[3] = {**told[3], **change}
    said = settle(usage(told), exits=1)
    found = rows("out", "rejects")
    assert any(row["reason"].startswith(reason) for row in found), found
    assert all(row["reason"] for row in found)
    assert f"{len(found)} row{'s' * (len(found) != 1)} rejected; see out/rejects" in said
    kept = {name for name, _ in figures("out")}
    assert {1, 3} <= kept
    assert len(figures("out")) + len(found) == len(told)  # every row is in one of the two


def test_rejects_put_right_are_settled_afterwards() -> None:
    settle(usage(rows_of({name: history[:1] for name, history in BASE.items()}), "jan.parquet"), "jan")
    good = rows_of({name: history[1:] for name, history in BASE.items()}, first=2)
    settle(usage(good, "good.parquet"), "whole", "--opening", "jan")
    bad = [{**row, "data": -5} if row["subscriber"] == 2 else row for row in good]
    settle(usage(bad, "bad.parquet"), "feb", "--opening", "jan", exits=1)
    right = [{**{name: row[name] for name in good[0]}, "data": 0} for row in rows("feb", "rejects")]
    settle(usage(right, "right.parquet"), "right", "--opening", "feb/rejected_lots")
    assert figures("feb") | figures("right") == figures("whole")
    assert lots("feb") | lots("right") == lots("whole")
    assert not lots("feb") & lots("right")


def test_what_is_held_on_a_plan_that_is_gone_is_not_lost() -> None:
    settle(usage(rows_of({1: (1,), 2: (2,)}, {1: "W1", 2: "Three"}), "jan.parquet"), "jan")
    written("fewer.plan", PLANS.split('plan "Three"')[0])
    settle(usage(rows_of({1: (1,)}, first=2), "feb.parquet"), "feb", "--opening", "jan", exits=1, plans="fewer.plan")
    assert [(row["subscriber"], row["cycle"], row["reason"]) for row in rows("feb", "rejects")] == [
        (2, 2, "its plan in what opens is in none of the files")
    ]
    assert [row["subscriber"] for row in rows("feb", "rejected_lots")] == [2] * sum(one[0] == 2 for one in lots("jan"))


def test_a_month_that_nothing_opens_is_rejected() -> None:
    settle(usage(rows_of({1: (1,)}, first=2)), exits=1)
    assert rows("out", "rejects")[0]["reason"] == "it is not in its first cycle, and nothing opens it"


def test_enormous_amounts_are_exact_in_the_totals() -> None:
    big = (1 << 62) // 10**6
    settle(usage(rows_of({1: (big,), 2: (big,), 3: (big,)})))
    told = json.loads(Path("out/manifest.json").read_text())["totals"]["figures"]["W1"]
    assert told["data_used"] + told["data_overage"] == 3 * big * 10**6 > 1 << 63


def test_a_csv_says_nothing_by_an_empty_cell_alone() -> None:
    """NaN is no number and no nothing; NA and null are names as others are."""
    written("u.csv", "subscriber,plan,cycle,data\nNA,W1,1,5\nnull,W1,1,\nnan,W1,1,7\n")
    settle("u.csv")
    assert {name: row["data_used"] for (name, _), row in figures("out").items()} == {"NA": 5, "null": 0, "nan": 7}


def test_more_than_64_bits_is_said_to_be_that() -> None:
    table = arrow.table({"subscriber": [1, 2], "plan": ["W1"] * 2, "data": arrow.array([5, 1 << 63], arrow.uint64())})
    parquet.write_table(table, "u.parquet")
    settle("u.parquet", exits=1)
    assert [row["reason"] for row in rows("out", "rejects")] == ["data is more than 64 bits hold"]


def test_a_line_that_lives_for_very_long_does_not_make_all_others_as_long() -> None:
    """Figures of all lines for as many cycles would take a gigabyte."""
    short = rows_of({name: (name,) for name in range(2_000)})
    long = usage([*short, *rows_of({5: (7,)}, first=1_100)], "long.parquet")
    settle(usage(short, "short.parquet"), "short")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (900 << 20, 900 << 20))\n"
    asked = ["settle", "base.plan", "--usage", str(long), "--out", "out", "--form", "numpy"]
    code = f"{limit}from tui.cli import main; main({asked}, prog_name='rollover')"
    run = subprocess.run([ENTRY[0], "-c", code], env=environment() | {"OMP_NUM_THREADS": "1"}, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr
    told, others = figures("out"), figures("short")
    assert {key: row for key, row in told.items() if key[0] != 5} == {key: row for key, row in others.items() if key[0] != 5}
    assert sorted(cycle for name, cycle in told if name == 5) == list(range(1, 1_101))
    assert told[5, 1_100]["data_used"] == 7 * 10**6


# ---- files that are bad


@pytest.mark.parametrize("kind", [arrow.float64(), arrow.string(), arrow.decimal128(10, 2), arrow.bool_()], ids=str)
def test_a_wrong_type_stops_it_before_it_starts(kind: object) -> None:
    values = {"double": [float("nan")], "string": ["1"], "bool": [True]}.get(str(kind), [None])
    parquet.write_table(arrow.table({"subscriber": [1], "data": arrow.array(values, kind)}), "u.parquet")
    assert "it should hold whole numbers" in settle("u.parquet", "out", "--plan", "W1", exits=2)
    assert sorted(path.name for path in Path().iterdir()) == ["base.plan", "u.parquet"]


@pytest.mark.parametrize("name", ["u.parquet", "u.csv"])
def test_an_empty_file(name: str) -> None:
    Path(name).write_bytes(b"")
    assert "can't be read" in settle(name, exits=2)


def test_no_rows() -> None:
    settle(usage([]))
    assert figures("out") == {}
    written("u.csv", "subscriber,plan,start,cycle,data\n")
    settle("u.csv", "csv")
    assert figures("csv") == {}


@pytest.mark.parametrize(("line", "told"), [("2,W1,2026-01-01", "3 cells"), ("2,W1,2026-01-01,1,5,6", "6 cells")])
def test_a_line_of_csv_with_other_cells_than_the_first_one(line: str, told: str) -> None:
    rows = "".join(f"{number},W1,2026-01-01,1,5\n" for number in range(10, 30_000))
    for before in ("", rows):  # in what is looked at first, and behind it
        written("u.csv", f"subscriber,plan,start,cycle,data\n1,W1,2026-01-01,1,5\n{before}{line}\n")
        where = 3 + before.count("\n")
        said = f"line {where} has {told}, and the first one 5; mend it, or take it out"
        assert said in settle("u.csv", exits=2)
    assert not Path("out").exists()


def test_a_file_that_is_cut_short() -> None:
    path = many()
    path.write_bytes(path.read_bytes()[:-100])
    assert "can't be read" in settle(path, exits=2)
    assert not Path("out").exists()


@pytest.mark.parametrize("seed", range(12))
def test_a_flipped_bit_in_lots_is_told_or_changes_nothing(seed: int) -> None:
    """Our own files have checksums: of pages, and of each file in the manifest."""
    settle(usage(rows_of({name: (name,) for name in range(200)}), "jan.parquet"), "jan")
    feb = usage(rows_of({name: (name,) for name in range(200)}, first=2), "feb.parquet")
    settle(feb, "good", "--opening", "jan")
    path = Path("jan/lots/part-00000.parquet")
    data = bytearray(path.read_bytes())
    draw = random.Random(seed)
    data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    path.write_bytes(data)
    said = settle(feb, "feb", "--opening", "jan", exits=2)
    assert "jan/lots/part-00000.parquet is not what was written there" in said


def test_what_was_made_and_changed_since_is_not_said_to_be_there() -> None:
    path = many(10)
    settle(path)
    settle(path)  # the same once more
    part = Path("out/statement/part-00000.parquet")
    part.write_bytes(part.read_bytes()[:-1])
    assert "is not what was written there" in settle(path, exits=2)


def test_another_input_is_refused() -> None:
    settle(many(10))
    assert "of other input" in settle(many(11), exits=2)


# ---- what is told from another run


def _plain(path: str, used: list[int]) -> None:
    """A file whose size and footer are the same, whatever it says."""
    columns = {"subscriber": list(range(len(used))), "plan": ["W1"] * len(used), "data": used}
    parquet.write_table(
        arrow.table(columns), path, compression="none", use_dictionary=False, write_statistics=False, column_encoding="PLAIN"
    )  # fmt: skip


def _interrupted(monkeypatch: pytest.MonkeyPatch, form: Form = Form.NUMPY) -> settling.Asked:
    """A run that ended when a part was done."""
    asked = settling.Asked([Path("base.plan")], [Path("u.parquet")], Path("out"), form=form, chunk_rows=20, part_rows=40)
    settled, calls = settler.Settler.settle, iter(range(99))

    def ended(self: settler.Settler, *tables: object) -> settler.Outcome:
        if next(calls) == 4:
            raise KeyboardInterrupt
        return settled(self, *tables)

    with monkeypatch.context() as patched:
        patched.setattr(settler.Settler, "settle", ended)
        with pytest.raises(KeyboardInterrupt):
            settling.settle(asked, _unheard)
    return asked


def _unheard(rows: int, line: str) -> None:
    del rows, line


def test_a_file_that_was_replaced_by_one_of_the_same_footer_is_another_input(monkeypatch: pytest.MonkeyPatch) -> None:
    _plain("u.parquet", [0] * 200)
    asked = _interrupted(monkeypatch)
    _plain("u.parquet", [0] * 199 + [1])
    with pytest.raises(FileError, match="holds a run that was not finished, of other input"):
        settling.settle(asked, _unheard)
    settling.settle(replace(asked, restart=True), _unheard)
    _plain("u.parquet", [0] * 199 + [2])
    with pytest.raises(FileError, match="out is there already, of other input"):
        settling.settle(asked, _unheard)


def test_files_of_the_same_footer_are_no_copies() -> None:
    Path("u").mkdir()
    _plain("u/a.parquet", [1, 2])
    _plain("u/b.parquet", [3, 4])
    settle("u", exits=1)  # not refused: each row comes twice, with other amounts
    assert [row["reason"] for row in rows("out", "rejects")].count("a second row of this cycle") == 2


def test_a_file_that_changes_while_it_is_settled_is_told() -> None:
    many(100)
    asked = settling.Asked([Path("base.plan")], [Path("u.parquet")], Path("out"), form=Form.NUMPY)
    with pytest.raises(FileError, match=r"u\.parquet was changed while it was settled: nothing is written"):
        settling.settle(asked, lambda _rows, line: many(99) and None if line else None)
    assert not Path("out").exists()


@pytest.mark.parametrize("name", ["_code", "form", "pyarrow"])
def test_what_another_version_made_is_not_gone_on_with(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a result of each would be neither."""
    many(200)
    asked = _interrupted(monkeypatch)
    other = asked
    with monkeypatch.context() as patched:
        match name:
            case "form":
                other = replace(asked, form=Form.ROWS)
            case "pyarrow":
                patched.setattr(arrow, "__version__", "1")
            case _:
                patched.setattr(identity, name, lambda: "of tomorrow")
        why = "of this input, but by another version of Rollover or pyarrow, or another --form"
        with pytest.raises(FileError, match=f"holds a run that was not finished, {why}"):
            settling.settle(other, _unheard)
        settling.settle(asked if name == "form" else replace(asked, restart=True), _unheard)
        if name != "form":
            assert settling.settle(asked, _unheard).as_before
    with pytest.raises(FileError, match=f"out is there already, {why}"):
        settling.settle(other, _unheard)


def test_what_rules_did_and_was_changed_since_is_told() -> None:
    path = many(10)
    settle(path)
    written("out/rules.csv", "plan,line,rule,service,what,amount\n")
    assert "out/rules.csv is not what was written there" in settle(path, exits=2)


def test_lots_that_came_from_elsewhere_are_not_counted() -> None:
    """A copy in that folder would double what lines hold."""
    settle(usage(rows_of({1: (1,), 2: (2,)}), "jan.parquet"), "jan")
    feb = usage(rows_of({1: (1,)}, first=2), "feb.parquet")
    settle(feb, "wanted", "--opening", "jan")
    part = Path("jan/lots/part-00000.parquet")
    copy = part.with_name("part-00000 (copy).parquet")
    shutil.copy(part, copy)
    for opening in ("jan", "jan/lots"):
        assert "(copy).parquet is not of the run that made jan" in settle(feb, "feb", "--opening", opening, exits=2)
    shutil.move(copy, part.with_name("._part-00000.parquet"))  # as some systems leave beside it
    settle(feb, "feb", "--opening", "jan")
    assert lots("feb") == lots("wanted")
    shutil.move(part, "elsewhere.parquet")
    assert "has no lots" in settle(feb, "none", "--opening", "jan", exits=2)


def test_files_that_are_hidden_are_not_usage() -> None:
    """So does who writes call what is not whole yet."""
    Path("u").mkdir()
    usage(rows_of({1: (1,)}), "u/a.parquet")
    usage(rows_of({2: (1,)}), "u/.b.parquet")
    Path("u/_c.parquet").write_bytes(b"half")
    settle("u")
    assert set(figures("out")) == {(1, 1)}


def test_a_month_without_anybody_opens_the_next() -> None:
    settle(usage([], "jan.parquet"), "jan")
    settle(usage(rows_of({1: (1,)}), "feb.parquet"), "feb", "--opening", "jan")
    assert set(figures("feb")) == {(1, 1)}


def test_a_column_that_is_to_be_two_is_refused() -> None:
    many(10)
    assert "the column data can't be both cycle and data" in settle("u.parquet", "out", "--column", "cycle=data", exits=2)
    twice = "--column", "data=data", "--column", "data=cycle"
    assert "--column says data twice" in settle("u.parquet", "out", *twice, exits=2)


def test_links_that_lead_to_each_other_are_told() -> None:
    Path("one").symlink_to("other")
    Path("other").symlink_to("one")
    assert "one can't be read" in settle("one", exits=2)
    assert "one can't be read" in settle(many(10), "out", "--opening", "one", exits=2)


# ---- where it writes


def test_a_log_that_can_not_be_written_is_told_before_anything_is_settled() -> None:
    assert "no/log can't be written: no such file or directory" in settle(many(10), "out", "--log", "no/log", exits=2)
    assert not list(Path().glob(".*"))


def test_a_folder_that_is_not_there_yet_is_made() -> None:
    settle(many(10), "some/where/out")
    assert figures("some/where/out")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written() -> None:
    Path("closed").mkdir(mode=0o500)
    assert "can't be made: permission denied" in settle(many(10), "closed/out", exits=2)


def test_two_runs_at_once() -> None:
    path = many(10)
    folder = Path(".out.settling")
    folder.mkdir()
    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    for more in ([], ["--restart"]):
        assert "another run is making out" in settle(path, "out", *more, exits=2)
    os.close(descriptor)
    settle(path)


def test_a_part_whose_figures_do_not_add_up_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totals, "_INTO", ("granted",))
    said = settle(usage(rows_of({1: (0, 0)})), exits=1)
    assert "please report this" in said
    assert 'part 0: data of plan "W1"' in said
    assert not Path("out").exists()


# ---- runs that end too early

COMMAND = [*ENTRY, "settle", "base.plan", "--usage", "u.parquet", "--out", "out", "--form", "numpy"]
IN_PARTS = """
import sys
from pathlib import Path
from engine.batch.lines import Form
from tui import settling
plans, usage = [Path("base.plan")], [Path("u.parquet")]
asked = settling.Asked(plans, usage, Path(sys.argv[1]), form=Form.NUMPY, chunk_rows=20, part_rows=40)
settling.settle(asked, lambda rows, line: print(line, flush=True) if line else None)
"""


def _in_parts(out: str) -> subprocess.Popen[bytes]:
    command = [ENTRY[0], "-c", IN_PARTS, out]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_run_that_is_killed_goes_on_to_the_same_bytes() -> None:
    many()
    whole = _in_parts("whole")
    assert whole.communicate()[1] == b""
    draw = random.Random(3)
    killed = 0
    for _ in range(12):
        run = _in_parts("out")
        assert run.stdout
        if run.stdout.readline():  # the first part of it is done
            time.sleep(draw.random() * 0.05)
            run.send_signal(signal.SIGKILL)
        killed += run.wait() == -signal.SIGKILL
        run.communicate()
        if Path("out").exists():
            break
    assert killed
    if not Path("out").exists():
        assert _in_parts("out").communicate()[1] == b""
    assert contents("out") == contents("whole")
    assert not list(Path().glob(".*"))


def small() -> None:
    """Files may not have more bytes than this."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


@pytest.mark.parametrize("command", ["settle", "backtest"])
def test_no_room_to_put_rows_in_order_is_told(command: str) -> None:
    base = rows_of({name: (name % 9,) for name in range(3000)})
    random.Random(2).shuffle(base)
    usage(base)
    more = ["--out", "out", "--form", "numpy"] if command == "settle" else ["--plan", "W1"]
    plans = ["base.plan"] * (1 if command == "settle" else 2)
    asked = [*ENTRY, command, *plans, "--usage", "u.parquet", *more]
    run = subprocess.run(asked, env=environment(), capture_output=True, check=False, preexec_fn=small)
    assert run.returncode == 2, run.stderr
    where = b".out.settling" if command == "settle" else b"rollover-"
    assert where in run.stderr.splitlines()[-1]
    assert b"can't be written: " in run.stderr
    assert b"file too large" in run.stderr.lower()
    assert not Path(".out.settling/.sorted").exists()  # what is left would take the room of the next run


def test_no_room_on_the_disk_is_told_and_the_next_run_goes_on() -> None:
    many(3000)
    run = subprocess.run(COMMAND, env=environment(), capture_output=True, check=False, preexec_fn=small)
    assert run.returncode == 2, run.stderr
    assert b"can't be written: file too large" in run.stderr
    assert not Path("out").exists()
    settle("u.parquet")
    settle("u.parquet", "whole")
    assert contents("out") == contents("whole")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS], ids=errno.errorcode.get)
def test_whatever_does_not_reach_the_disk_is_told_with_what_to_do(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    path = many(10)
    settle(path, "whole")
    advice = {errno.ENOSPC: f". Make room in {Path.cwd()}; then", errno.EROFS: f". Make {Path.cwd()} writable, or give"}
    said, named = "", []
    for place in range(100):
        calls = itertools.count()

        def fsync(_: int, calls: Iterator[int] = calls, place: int = place) -> None:
            if next(calls) == place:
                raise OSError(number, os.strerror(number))

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", fsync)
            result = rollover("settle", "base.plan", "--usage", str(path), "--out", "out", "--form", "numpy")
        if not result.exit_code:
            break
        said += result.output
        assert result.exit_code == 2, result.output
        assert f"{os.strerror(number).lower()}{advice[number]}" in result.output
        assert "the same command goes on behind what is done" in result.output
        named += [place] if Path("out").exists() else []
        settle(path)
        assert contents("out") == contents("whole")
        shutil.rmtree("out")
    assert named == [place - 1]  # only when it has its name, the folder that it is in is brought to the disk
    for name in ("journal.jsonl", "statement/part-00000.parquet", "lots/part-00000.parquet", "rules.csv", "manifest.json"):
        assert f"{name} can't be written" in said
    assert contents("out") == contents("whole")


def test_ctrl_c_leaves_no_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    many()
    settled = settler.Settler.settle
    calls = iter(range(7))

    def interrupted(self: settler.Settler, *tables: object) -> settler.Outcome:
        if next(calls) == 5:
            raise KeyboardInterrupt
        return settled(self, *tables)

    monkeypatch.setattr(settler.Settler, "settle", interrupted)
    asked = settling.Asked(
        [Path("base.plan")], [Path("u.parquet")], Path("out"), form=Form.NUMPY, chunk_rows=20, part_rows=40
    )  # fmt: skip
    with pytest.raises(KeyboardInterrupt):
        settling.settle(asked, lambda _rows, _line: None)
    monkeypatch.undo()
    assert not list(Path(".out.settling").rglob("*.tmp"))
