"""`rollover check` for people, editors and build servers: forms of findings, fixes, a text on standard input."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from command_line import ENTRY, environment, rollover, written

WRONG = 'plan "A" prepaid\n  grnt 10 GB\n  unused data: carry 1 month\n  unused data: expire\n'
MENDED = WRONG.replace("grnt", "grant")


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("a.plan", WRONG)


def test_json_has_places_help_and_fixes() -> None:
    result = rollover("check", "--format", "json", "a.plan")
    assert result.exit_code == 1
    (file,) = json.loads(result.stdout)["files"]
    first, second = file["findings"]
    assert (file["file"], first["code"], first["severity"]) == ("a.plan", "R002", "error")
    assert (first["line"], first["column"], first["end_column"]) == (2, 3, 7)
    assert first["fix"] == [{"text": "grant", "line": 2, "column": 3, "end_column": 7}]
    assert (second["code"], second["fix"], [one["line"] for one in second["also"]]) == ("R229", None, [3])


def test_sarif_has_a_rule_and_a_result_for_each() -> None:
    (run,) = json.loads(rollover("check", "--format", "sarif", "a.plan").stdout)["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["R002", "R229"]
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 2, "startColumn": 3, "endColumn": 7}
    assert run["tool"]["driver"]["rules"][0]["shortDescription"]["text"].startswith("A word is spelled otherwise")
    assert run["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"] == [
        {"deletedRegion": region, "insertedContent": {"text": "grant"}}
    ]
    assert run["results"][1]["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 3


def test_places_in_sarif_are_addresses_whatever_the_file_is_called() -> None:
    written("100%, a b#1.plan", WRONG)
    (run,) = json.loads(rollover("check", "--format", "sarif", "100%, a b#1.plan").stdout)["runs"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "100%25%2C%20a%20b%231.plan"}


def test_github_has_a_line_for_each_whatever_the_file_is_called() -> None:
    written("100%, a:b.plan", WRONG)
    first, _ = rollover("check", "--format", "github", "100%, a:b.plan").stdout.splitlines()
    assert first.startswith("::error file=100%25%2C a%3Ab.plan,line=2,col=3,title=R002::`grnt` is not a word")


def test_junit_has_a_test_a_file() -> None:
    written("b.plan", 'plan "<&>" prepaid\n  grant 1 GB\n')
    suite = ElementTree.fromstring(rollover("check", "--format", "junit", "a.plan", "b.plan").stdout.encode())
    assert suite.attrib == {"name": "rollover check", "tests": "2", "failures": "1"}
    assert [len(case) for case in suite] == [2, 0]
    assert "help: did you mean `grant`?" in (suite[0][0].text or "")


@pytest.mark.parametrize("form", ["json", "sarif", "github", "junit"])
def test_clean_files_exit_0_and_unreadable_ones_2_in_every_form(form: str) -> None:
    written("a.plan", MENDED.rsplit("\n", 2)[0])
    assert rollover("check", "--format", form, "a.plan").exit_code == 0
    assert rollover("check", "--format", form, "a.plan", "missing.plan").exit_code == 2


def test_fix_writes_what_is_certain_and_tells_the_rest() -> None:
    result = rollover("check", "--fix", "a.plan")
    assert Path("a.plan").read_text() == MENDED
    assert "a.plan written" in result.stderr
    assert ("R002" in result.stdout, "R229" in result.stdout, result.exit_code) == (False, True, 1)
    assert "written" not in rollover("check", "--fix", "a.plan").stderr


def test_fix_and_diff_write_nothing() -> None:
    result = rollover("check", "--fix", "--diff", "a.plan")
    assert "-  grnt 10 GB" in result.stdout
    assert "+  grant 10 GB" in result.stdout
    assert (Path("a.plan").read_text(), result.exit_code) == (WRONG, 1)
    assert rollover("check", "--diff", "a.plan").exit_code == 2


def test_fix_keeps_mode_and_line_ends() -> None:
    written("a.plan", WRONG.replace("\n", "\r\n"))
    Path("a.plan").chmod(0o640)
    rollover("check", "--fix", "a.plan")
    assert Path("a.plan").read_bytes() == MENDED.replace("\n", "\r\n").encode()
    assert Path("a.plan").stat().st_mode & 0o777 == 0o640


def piped(*args: str, text: bytes = WRONG.encode()) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*ENTRY, "check", *args], input=text, capture_output=True, env=environment(), check=False)


def test_a_text_on_standard_input_is_the_file_it_is_said_to_be() -> None:
    done = piped("--stdin-filename", "not/there.plan")
    assert done.stdout.startswith(b"not/there.plan:2:3: error R002")
    assert done.returncode == 1
    assert piped("--stdin-filename", "x.plan", text=b"\xff").returncode == 2
    assert piped("--stdin-filename", "x.plan", "a.plan").returncode == 2
    assert piped().returncode == 2


def test_mended_it_comes_out_and_what_is_left_is_told_beside() -> None:
    done = piped("--stdin-filename", "x.plan", "--fix")
    assert done.stdout == MENDED.encode()
    assert b"R229" in done.stderr


def test_no_colour_reaches_a_pipe() -> None:
    for form in ("text", "json", "sarif", "github", "junit"):
        assert b"\x1b" not in piped("--format", form, "--stdin-filename", "x.plan").stdout
