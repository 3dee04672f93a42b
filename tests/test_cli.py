"""The commands as they are typed: what goes to stdout, what to stderr, and the exit code scripts rely on.

Exit codes: 0 clean, 1 findings in what was read, 2 unreadable or misused.
Files that are written: test_cli_files.py. What may reach a terminal: test_cli_terminal.py.
"""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest
from command_line import rollover, written

from tui import cli

FLEX = """\
rate 1 GB = 30 minutes

plan "Flex 20" postpaid
  contract 24 months
  every month grant 20 GB data, 300 minutes and 100 sms
  use carried data first
  unused data: carry 1 month, cap 10GB, convert the rest to minutes, cap 200 minutes
  when data runs out: slow to 128 kbps

  example "a light month rolls"
    use 6 GB  -> left 14 GB, carried 10 GB, converted 120 minutes
    use 25 GB -> left 5 GB

plan "Flex 40" like "Flex 20"
  every month grant 40 GB data
"""
WRONG = 'plan "A" prepaid\n  grnt 10 GB\n  carry 1 month\n'


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# ---- rollover, rollover FILE ----


@pytest.mark.parametrize("args", [(), ("flex.plan",), ("run", "flex.plan")], ids=lambda args: " ".join(args) or "nothing")
def test_without_a_terminal_the_preview_is_printed(args: tuple[str, ...]) -> None:
    written("flex.plan", FLEX)
    result = rollover(*args)
    assert result.exit_code == 0
    assert result.stdout.startswith("Flex")
    assert " · postpaid · contract 24 months\n" in result.stdout.partition("\n\n")[0] + "\n"
    assert "assumed: 1 GB is 1000 MB (`units: 1 GB = 1000 MB`)" in result.stdout
    assert result.stderr == ""


def test_a_file_called_like_a_command_is_written_with_its_folder() -> None:
    written("check", 'plan "Called check" prepaid\n  grant 1 GB\n')
    assert rollover("./check").stdout.startswith("Called check · prepaid\n")


@pytest.mark.parametrize("args", [("nosuch.plan",), ("run", "nosuch.plan"), ("fmt", "nosuch.plan"), ("check", "nosuch.plan")])
def test_a_file_that_is_not_there_is_exit_2(args: tuple[str, ...]) -> None:
    result = rollover(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "nosuch.plan can't be read: no such file or directory" in result.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("--nosuch",), ("check",), ("test",), ("fmt",), ("run",), ("run", "flex.plan", "--format", "xml"),
        ("run", "flex.plan", "--start", "tomorrow"),
        ("run", "flex.plan", "--use", "1 GB", "--usage", "records.csv"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_misuse_is_exit_2_and_says_so_on_stderr(args: tuple[str, ...]) -> None:
    written("flex.plan", FLEX)
    result = rollover(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr


def test_without_a_screen_the_plans_of_all_files_and_folders_are_shown() -> None:
    written("flex.plan", FLEX)
    Path("more").mkdir()
    written("more/other.plan", 'plan "Other" prepaid\n  grant 7 GB\n')
    result = rollover("flex.plan", "more")
    assert result.exit_code == 0
    assert result.stdout.index("Flex 20") < result.stdout.index("Other")
    Path("empty").mkdir()
    assert (rollover("empty").exit_code, rollover("empty").stderr) == (2, "no plan files there; plan files end in .plan\n")


def test_a_misspelt_command_is_told_what_was_meant() -> None:
    result = rollover("chekc", "flex.plan")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean 'check'?" in result.stderr


@pytest.mark.parametrize("args", [("--help",), ("-h",), ("run", "-h"), ("check", "--help"), ("--version",)], ids=" ".join)
def test_help_and_version(args: tuple[str, ...]) -> None:
    result = rollover(*args)
    assert result.exit_code == 0
    assert "rollover" in result.stdout.lower()


# ---- check ----


def test_check_says_nothing_on_stdout_where_all_is_well() -> None:
    written("flex.plan", FLEX)
    result = rollover("check", "flex.plan")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "1 file: no problems\n")


def test_check_prints_findings_on_stdout_and_counts_them_on_stderr() -> None:
    written("flex.plan", FLEX)
    written("wrong.plan", WRONG)
    result = rollover("check", ".")
    assert result.exit_code == 1
    assert result.stdout.startswith("wrong.plan:2:3: error R002: `grnt` is not a word that can stand here\n")
    assert "did you mean `grant`?" in result.stdout
    assert result.stderr == "2 files: 1 problem\n"


def test_check_twice_says_the_same() -> None:
    """What was found is kept by the file's content, and is another finding once the content is another."""
    written("wrong.plan", WRONG)
    first, second = rollover("check", "wrong.plan"), rollover("check", "wrong.plan")
    assert (first.exit_code, first.output) == (second.exit_code, second.output) == (1, first.output)
    written("wrong.plan", WRONG.replace("grnt", "grant"))
    assert rollover("check", "wrong.plan").exit_code == 0


def test_check_reads_a_scenario_against_the_plan_beside_it() -> None:
    written("flex.plan", FLEX)
    written("flex.scenario.yaml", "plan: Flex 21\ncycles:\n  - use: 1 GB\n")
    result = rollover("check", "flex.scenario.yaml")
    assert result.exit_code == 1
    assert "flex.scenario.yaml:1:7: error R105: no plan is called `Flex 21`" in result.stdout


UNREADABLE = {
    "not text": bytes(range(128, 256)),
    "NUL bytes": b'plan "A"\0prepaid\n',
    "UTF-16": 'plan "A" prepaid\n'.encode("utf-16"),
    "larger than any plan": b"# a note\n" * 600_000,
}


@pytest.mark.parametrize("data", UNREADABLE.values(), ids=UNREADABLE.keys())
@pytest.mark.parametrize("command", ["check", "run", "fmt", "open"])
def test_what_is_no_text_is_exit_2(command: str, data: bytes) -> None:
    Path("odd.plan").write_bytes(data)
    result = rollover(command, "odd.plan")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "odd.plan" in result.stderr
    assert "no problems" not in result.stderr
    assert Path("odd.plan").read_bytes() == data


def test_an_unreadable_file_does_not_hide_what_is_wrong_with_others() -> None:
    written("wrong.plan", WRONG)
    result = rollover("check", "nosuch.plan", "wrong.plan")
    assert result.exit_code == 2
    assert "`grnt`" in result.stdout


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_exit_2() -> None:
    written("flex.plan", FLEX).chmod(0)
    result = rollover("check", "flex.plan")
    assert result.exit_code == 2
    assert "permission denied" in result.stderr


ODD_PATHS = ("x" * 300, "loop.plan", "loop.plan/x.plan", "a.plan/x.plan")


@pytest.mark.parametrize("path", ODD_PATHS, ids=lambda path: path[:20])
@pytest.mark.parametrize("command", ["open", "check", "run", "test", "fmt", "new"])
def test_what_no_file_can_be_called_is_a_sentence(command: str, path: str) -> None:
    written("a.plan", FLEX)
    Path("loop.plan").symlink_to("loop.plan")
    result = rollover(command, path)
    assert result.exit_code == 2
    assert path in result.output
    assert any(why in result.output for why in ("too long", "too many levels", "not a directory"))


def test_a_line_that_would_hang_the_screen_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.workbench.app.open_app", lambda *_: 0)
    written("long.plan", "x" * 30_000)
    with pytest.raises(SystemExit) as left:
        cli._edit((Path("long.plan"),))
    assert left.value.code == 2


def test_an_example_is_copied_to_no_such_folder() -> None:
    assert "file name too long" in rollover("examples", "flex", "x" * 300).stderr


@pytest.mark.parametrize("name", [b"bad\xff.plan", b"bad\xff.scenario.yaml"])
def test_a_name_that_is_no_text_is_checked_all_the_same(name: bytes) -> None:
    for file, text in ((b"bad\xff.plan", FLEX), (b"bad\xff.scenario.yaml", "plan: Flex 20\ncycles: [{use: 1 GB}]\n")):
        Path(os.fsdecode(file)).write_text(text)
    assert rollover("check", os.fsdecode(name)).exit_code == 0


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("path", [".", "closed", "closed/a.plan"])
@pytest.mark.parametrize("command", ["check", "test", "fmt"])
def test_a_folder_that_may_not_be_entered_is_told(command: str, path: str) -> None:
    closed = Path("closed")
    closed.mkdir()
    written("closed/a.plan", FLEX)
    closed.chmod(0)
    result = rollover(command, path)
    closed.chmod(0o700)
    assert result.exit_code == 2
    assert "can't be read: permission denied" in result.output


def test_a_pipe_is_read_once() -> None:
    """What was read once is gone: a second look would find the file empty."""
    there, back = os.pipe()
    os.write(back, WRONG.encode())
    os.close(back)
    result = rollover("check", f"/dev/fd/{there}")
    os.close(there)
    assert "error R002: `grnt`" in result.stdout


def test_a_pipe_is_not_looked_for_in_a_folder() -> None:
    os.mkfifo("pipe.plan")
    assert "no plan files there" in rollover("check", ".").stderr


@pytest.mark.parametrize("name", ["s.yaml", "s.yml", "s.scenario.yaml"])
@pytest.mark.parametrize("command", ["check", "test", "fmt", "run"])
def test_yaml_is_no_plan(command: str, name: str) -> None:
    if name == "s.scenario.yaml" and command != "fmt":
        name = "s.scenarios.yaml"
    written(name, "plan: Flex 20\ncycles: [{use: 1 GB}]\n")
    result = rollover(command, name)
    assert result.exit_code == 2
    assert f"{name} is not a plan but " in result.output
    assert "error R" not in result.output


@pytest.mark.parametrize("command", ["check", "test"])
def test_a_scenario_without_a_plan_is_told(command: str) -> None:
    written("a.scenario.yml", "cycles: [{use: 1 GB}]\n")
    for path in (".", "a.scenario.yml"):
        result = rollover(command, path)
        assert result.exit_code == 2
        assert "a.scenario.yml is about the plan beside it, and a.plan can't be read: no such file" in result.output


def test_an_empty_file_is_a_warning() -> None:
    written("empty.plan", "")
    result = rollover("check", "empty.plan")
    assert result.exit_code == 1
    assert "warning R291: the file is empty" in result.stdout


@pytest.mark.parametrize("command", ["check", "test", "fmt"])
def test_a_folder_without_plans_is_misuse(command: str) -> None:
    Path("folder").mkdir()
    result = rollover(command, "folder")
    assert result.exit_code == 2
    assert "no plan files there" in result.stderr


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=repr)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "BOM"])
def test_line_ends_and_byte_order_marks_do_not_matter(end: str, mark: str) -> None:
    written("flex.plan", mark + FLEX.replace("\n", end))
    assert rollover("check", "flex.plan").exit_code == 0
    assert rollover("test", "flex.plan").stdout.endswith("1 passed, 0 failed\n")


# ---- run ----


def statement(*args: str) -> dict[str, object]:
    written("flex.plan", FLEX)
    result = rollover("run", "flex.plan", "--format", "json", *args)
    assert result.exit_code == 0
    assert result.stderr == ""
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def test_json_is_alone_on_stdout_and_has_the_schema_of_a_statement() -> None:
    found = statement("--use", "6GB, 25GB and 10 minutes")
    assert set(found) == {"schema", "plan", "assumptions", "cycles"}
    assert found["schema"] == "rollover.statement/1"
    assert found["plan"] == {"name": "Flex 20", "kind": "postpaid", "timezone": "UTC", "contract_months": 24}
    cycles = found["cycles"]
    assert isinstance(cycles, list)
    assert [cycle["cycle"] for cycle in cycles] == [1, 2]
    assert (cycles[0]["start"], cycles[0]["end"]) == ("2026-01-01T00:00:00+00:00", "2026-02-01T00:00:00+00:00")
    assert list(cycles[0]["services"]) == ["data", "voice", "sms"]
    assert list(cycles[0]["services"]["data"]) == [
        "unit", "carried_in", "granted", "received", "available", "used", "overage", "carried_out", "converted_out",
        "converted_in", "given", "expired", "remaining",
    ]  # fmt: skip
    assert cycles[1]["services"]["voice"]["used"] == 600


def test_csv_is_the_same_as_json() -> None:
    cycles = statement("--use", "6GB,25GB")["cycles"]
    assert isinstance(cycles, list)
    rows = list(csv.DictReader(io.StringIO(rollover("run", "flex.plan", "--format", "csv", "--use", "6GB,25GB").stdout)))
    assert len(rows) == 6
    for row in rows:
        figures = cycles[int(row["cycle"]) - 1]["services"][row["service"]]
        assert {key: row[key] for key in figures} == {key: str(value) for key, value in figures.items()}


def test_plan_and_start_choose_what_is_run_and_when() -> None:
    found = statement("--plan", "Flex 40", "--start", "2027-06-15", "--use", "1 GB")
    assert found["plan"] == {"name": "Flex 40", "kind": "postpaid", "timezone": "UTC", "contract_months": 24}
    cycles = found["cycles"]
    assert isinstance(cycles, list)
    assert cycles[0]["start"] == "2027-06-15T00:00:00+00:00"


def test_usage_from_a_scenario_and_from_records() -> None:
    written("s.yaml", "plan: Flex 20\nstart: 2026-03-01\ncycles:\n  - use: 6 GB\n")
    written("r.csv", "at,use\n2026-03-05 12:00,2 GB\n2026-03-06,4 GB\n")
    scenario, records = (
        statement("--scenario", "s.yaml")["cycles"],
        statement("--usage", "r.csv", "--start", "2026-03-01")["cycles"],
    )
    assert scenario == records


@pytest.mark.parametrize("option", ["--scenario", "--usage"])
def test_a_record_before_the_start_is_told_with_its_place(option: str) -> None:
    name = written(
        {"--scenario": "s.yaml", "--usage": "r.csv"}[option],
        {
            "--scenario": "plan: Flex 20\nrecords:\n  - {at: 2026-01-20, use: 1 GB}\n",
            "--usage": "at,use\n\n2026-01-20,1 GB\n",
        }[option],
    )
    written("flex.plan", FLEX)
    result = rollover("run", "flex.plan", option, str(name), "--start", "2026-03-01")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{name}:3:")
    assert result.stderr.endswith("this is before the start; give `--start` an earlier date\n")


def test_what_is_assumed_is_told() -> None:
    found = statement()["assumptions"]
    assert isinstance(found, list)
    assert {"cycle", "units", "timezone", "converted", "usage", "start"} <= {one["topic"] for one in found}
    assert all(one["rule"] and one["text"] for one in found)
    said = statement("--start", "2026-01-01", "--use", "1 GB")["assumptions"]
    assert isinstance(said, list)
    assert not {"usage", "start"} & {one["topic"] for one in said}


@pytest.mark.parametrize(("start", "told"), [("", ["--start 2026-01-01"]), ("start: 2026-01-01\n", [])])
def test_a_scenario_that_does_not_say_when_it_starts_is_told(start: str, told: list[str]) -> None:
    written("s.yaml", f"plan: Flex 20\n{start}cycles:\n  - use: 6 GB\n")
    assert [one["rule"] for one in _assumed("--scenario", "s.yaml") if one["topic"] == "start"] == told


def test_records_start_on_the_day_of_the_first_and_that_is_told() -> None:
    written("r.csv", "at,use\n2026-03-05 12:00,2 GB\n")
    assert "--start 2026-03-05" in [one["rule"] for one in _assumed("--usage", "r.csv")]


def test_the_sample_is_told_in_words_that_run_it() -> None:
    (rule,) = [one["rule"] for one in _assumed() if one["topic"] == "usage"]
    use = rule.removeprefix('--use "').removesuffix('"')
    assert statement("--use", use)["cycles"] == statement()["cycles"]


def _assumed(*args: str) -> list[dict[str, str]]:
    found = statement(*args)["assumptions"]
    assert isinstance(found, list)
    return found


SELLS = """\
plan "A" prepaid
  grant 5 GB, 10 minutes
  when data runs out: sell 1 GB at 2 EUR up to 2 GB, then block
  when voice runs out: sell 10 minutes at 1 EUR
"""


def test_what_was_sold_is_charged_once_with_its_service_and_stands_once_in_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    written("a.plan", SELLS)
    data, voice = (
        part.split("\n") for part in rollover("run", "a.plan", "--use", "10 GB and 25 minutes").stdout.split("\n\n")[1:3]
    )
    assert data[1].split()[-1] == voice[1].split()[-1] == "charged"
    assert "  4 EUR  " in data[2]
    assert "  2 EUR  " in voice[2]
    assert (sum(map(data[2].count, "█▆")), data[2].count("!")) == (13, 5), "7 GB used, 3 GB that nothing covered"
    assert "!" not in voice[2]


def test_a_service_is_charged_for_where_another_was_not_used() -> None:
    written("a.plan", SELLS)
    assert " 2 EUR" in rollover("run", "a.plan", "--use", "25 minutes").stdout


def test_a_plan_with_an_error_is_not_run() -> None:
    written("wrong.plan", WRONG)
    for args in [("wrong.plan",), ("run", "wrong.plan", "--format", "json")]:
        result = rollover(*args)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "wrong.plan:2:3: error R002" in result.stderr


MISUSE = {
    "far": (("--start", "9999-12-31"), "from 1970 to 2200"),
    "long ago": (("--start", "0001-01-01"), "from 1970 to 2200"),
    "for ever": (("--use", ",".join(["1GB"] * 1_201)), "it may have 1200"),
    "of nothing": (("--use", ""), "this should be an amount"),
    "of nothing, and more": (("--use", "", "--usage", "r.csv"), "give one of"),
    "expecting": (("--use", "1GB -> left 3GB"), "`--use` is only what is used"),
    "second": (("--use", "1 GB, 3 GBB"), "--use:1:9: error R101: `GBB`"),
}


@pytest.mark.parametrize(("args", "said"), MISUSE.values(), ids=MISUSE.keys())
def test_a_history_that_can_not_be_meant_is_misuse(args: tuple[str, ...], said: str) -> None:
    written("flex.plan", FLEX)
    result = rollover("run", "flex.plan", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.parametrize("args", [("--plan", "Flex 60"), ("--use", "6 GBB"), ("--use", ","), ("--scenario", "nosuch.yaml")])
def test_what_can_not_be_run_is_told_on_stderr(args: tuple[str, ...]) -> None:
    written("flex.plan", FLEX)
    result = rollover("run", "flex.plan", *args)
    assert result.exit_code in (1, 2)
    assert result.stdout == ""
    assert result.stderr
