"""What somebody likes otherwise, and what is wrong with it; every key with its id."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import rollover

from dsl.source import Source
from tui import settings
from tui.settings import Settings
from tui.workbench import bindings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "rollover").mkdir()
    return tmp_path / "rollover"


def read(text: str) -> Settings:
    return settings.read(Source("settings.yaml", text))


def told(text: str) -> list[str]:
    found = read(text)
    return found.told_briefly(*bindings.keymap(found)[1], *bindings.theme(found, ["dark", "light"])[1])


def test_without_a_file_nothing_is_otherwise(folder: Path) -> None:
    assert settings.path() == folder / "settings.yaml"
    assert settings.load() == Settings()


def test_what_stands_there_is_read() -> None:
    found = read("vi: true\nlargest: no\ntheme: light\nlanguage: zh\nkeys:\n  text.find: alt+z, f11\n  app.save: alt+s\n")
    assert (found.vi, found.largest, found.theme[0], found.language[0]) == (True, False, "light", "zh")
    assert bindings.keymap(found) == ({"text.find": "alt+z,f11", "app.save": "alt+s"}, ())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("them: dark\n", "settings.yaml:1:1: `them` is not a setting; did you mean `theme`?"),
        ("vi: maybe\n", "settings.yaml:1:5: `vi` should be true or false; write `vi: true`"),
        ("largest: maybe\n", "settings.yaml:1:10: `largest` should be true or false; write `largest: true`"),
        ("vi: true\nvi: true\n", "settings.yaml:2:1: `vi` stands here twice; keep one of the two"),
        ("theme: drk\n", "settings.yaml:1:8: `drk` is not a theme; did you mean `dark`?"),
        ("theme: [dark]\n", "settings.yaml:1:8: `theme` should be a word; write one behind the colon"),
        ("keys: ctrl+f\n", "settings.yaml:1:7: `keys` should be ids and keys; write one a line: `text.format: alt+z`"),
        ("- vi\n", "settings.yaml:1:1: the file should be settings; write lines such as `vi: true`"),
        ("keys:\n  text.fnd: alt+z\n",
         "settings.yaml:2:13: `text.fnd` is not the id of a binding; did you mean `text.find`?"),
        ("keys:\n  text.find: crtl+z\n",
         "settings.yaml:2:14: `crtl+z` is not a key; write one such as `alt+z`, `alt+f`, `f10` or `shift+f3`"),
        ("keys:\n  text.find: x\n",
         "settings.yaml:2:14: `x` is what people type; write one such as `alt+z`, `alt+f`, `f10` or `shift+f3`"),
        ("keys:\n  text.find: ctrl+g\n",
         "settings.yaml:2:14: `ctrl+g` is the key of `text.line`; write another, or give that one another, too"),
        ("keys:\n  text.find: f1\n",
         "settings.yaml:2:14: `f1` is the key of `app.help`; write another, or give that one another, too"),
        ("\tvi: true\n", "settings.yaml:1:1: this is not YAML: a tab where it is indented; indent with spaces"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(text: str, problem: str) -> None:
    assert told(text) == [problem]


def test_what_is_wrong_is_left_out_and_the_rest_is_done() -> None:
    found = read("keys:\n  text.find: ctrl+g\n  text.format: alt+z\n")
    assert bindings.keymap(found)[0] == {"text.format": "alt+z"}


def test_two_may_change_their_keys_with_each_other() -> None:
    found = read("keys:\n  text.find: ctrl+g\n  text.line: ctrl+f\n")
    assert bindings.keymap(found) == ({"text.find": "ctrl+g", "text.line": "ctrl+f"}, ())


def test_the_same_key_may_mean_something_else_where_both_are_never_asked() -> None:
    assert told("keys:\n  outcome.undo: ctrl+u\n  usage.add: a\n  months.up: ctrl+u\n") == [
        "settings.yaml:2:17: `ctrl+u` is the key of `months.up`; write another, or give that one another, too"
    ]
    assert told("keys:\n  outcome.undo: alt+z\n  text.find: alt+z\n") == []


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"x" * 5_000_000, b"a: &a [*a]\n", b"\x00", b"[" * 100], ids=lambda data: str(data[:8])
)
def test_no_file_stops_anything(data: bytes, folder: Path) -> None:
    (folder / "settings.yaml").write_bytes(data)
    found = settings.load()
    assert found.told_briefly()
    assert (found.keys, found.vi) == ({}, False)


def test_every_binding_has_an_id_a_key_and_a_sentence_once() -> None:
    found = bindings.bound()
    assert len({one.id for one in found}) == len(found) > 60
    assert all(one.sentence.endswith(".") and one.keys for one in found)
    assert {"app.save", "text.find", "editor.undo", "usage.more", "outcome.undo", "find.all", "months.up"} <= {
        one.id for one in found
    }


def test_no_two_keys_of_our_own_are_the_same_where_both_would_work() -> None:
    everything = "".join(f'  {one.id}: "{one.keys}"\n' for one in bindings.bound())
    assert told(f"keys:\n{everything}") == []


def test_keys_are_listed_with_what_settings_say(folder: Path) -> None:
    (folder / "settings.yaml").write_text("keys:\n  text.find: alt+z\n")
    result = rollover("keys")
    assert result.exit_code == 0
    assert [line.split() for line in result.stdout.splitlines() if line.startswith("text.find ")] == [
        ["text.find", "alt+z", "Find", "in", "the", "text,", "and", "replace."]
    ]


def test_the_listing_as_yaml_is_settings_that_change_nothing(folder: Path) -> None:
    listed = rollover("keys", "--format", "yaml").stdout
    assert read(listed) == Settings(Source("settings.yaml", listed))
    (folder / "settings.yaml").write_text(listed.replace("  # text.line:", "  text.line:"))
    assert rollover("keys").exit_code == 0
    assert bindings.keymap(settings.load()) == ({"text.line": "ctrl+g"}, ())


def test_wrong_settings_are_told_by_the_command(folder: Path) -> None:
    (folder / "settings.yaml").write_text("keys:\n  text.find: ctrl+g\n")
    result = rollover("keys")
    assert result.exit_code == 1
    assert "settings.yaml:2:14: error S005: `ctrl+g` is the key of `text.line`" in result.stderr
    assert [line.split()[1] for line in result.stdout.splitlines() if line.startswith("text.find ")] == ["ctrl+f"]
