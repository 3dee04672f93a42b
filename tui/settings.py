"""What somebody likes otherwise: keys, colours, vi. Read from `settings.yaml` in the user's folder of settings, if it is there.

Bad settings never stop anything: each is told, with its line, and left as it would be without.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dsl.diagnostics import Diagnostic, Findings, render, suggestion
from dsl.phrase import listed, phrase
from dsl.source import NOWHERE, Source, Span, place
from tui import files
from tui.files import FileError
from tui.saying import say

KEYS, VI, LARGEST, THEME, LANGUAGE = "keys", "vi", "largest", "theme", "language"
NAMES = (KEYS, VI, LARGEST, THEME, LANGUAGE)
_YES, _NO = ("true", "yes", "on"), ("false", "no", "off")

_NO_FILE = Source("", "")

Said = tuple[str, Span]  # a text and where it stands


@dataclass(frozen=True, slots=True)
class Settings:
    """`keys` says, by the id of a binding, which keys it has instead. `theme` and `language` are "" where nothing is said.
    `largest` tells the largest balance behind each allowance."""

    source: Source = _NO_FILE
    keys: Mapping[str, Said] = field(default_factory=dict)
    vi: bool = False
    largest: bool = True
    theme: Said = ("", NOWHERE)
    language: Said = ("", NOWHERE)
    problems: tuple[Diagnostic, ...] = ()
    unread: str = ""  # why the file can't be read

    def told(self, *more: Diagnostic) -> list[str]:
        """What is wrong, and what else is, a text each, as `rollover check` says it."""
        found = sorted((*self.problems, *more), key=lambda one: one.span)
        return [*([self.unread] if self.unread else []), *(render(one, self.source) for one in found)]

    def told_briefly(self, *more: Diagnostic) -> list[str]:
        """The same, a line each."""
        found = sorted((*self.problems, *more), key=lambda one: one.span)
        lines = [f"{place(self.source, one.span)}: {say(one.message)}{say('; ')}{say(one.help)}" for one in found]
        return [*([self.unread] if self.unread else []), *lines]


def path() -> Path:
    """Where settings are, whether or not there are any."""
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    return Path(base) / "rollover" / "settings.yaml"


def load() -> Settings:
    """The settings of whoever runs this. Never raises."""
    where = path()
    if not files.exists(where):
        return Settings()
    try:
        return read(files.read(where))
    except FileError as error:
        return Settings(unread=str(error))


def read(source: Source) -> Settings:
    """What a text says."""
    from dsl import yaml_text  # only where there are settings

    findings = Findings()
    found = yaml_text.documents(source, findings)
    if not found or (isinstance(found[0], yaml_text.Text) and not found[0].text):
        return Settings(source, problems=findings.sorted())
    reader = _Reader(findings)
    said = reader.mapping(
        found[0], phrase("the file"), phrase("settings"), phrase("write lines such as `{line}`", line=f"{VI}: true")
    )
    for name, (span, _) in said.items():
        if name not in NAMES:
            findings.add(
                "S003",
                span,
                key=name,
                what=phrase("a setting"),
                meant=suggestion(name, NAMES, phrase("there are {names}", names=listed(NAMES))),
            )
    keys = {}
    if KEYS in said:
        given = reader.mapping(
            said[KEYS][1], f"`{KEYS}`", phrase("ids and keys"), phrase("write one a line: `text.format: alt+z`")
        )
        keys = {name: text for name, (_, value) in given.items() if (text := reader.text(name, value))}
    words = [name for name in NAMES if name in said and name != KEYS]
    single = {name: text for name in words if (text := reader.text(name, said[name][1]))}
    vi, largest = (reader.flag(name, single.get(name), usual) for name, usual in ((VI, False), (LARGEST, True)))
    theme, language = (single.get(name, ("", NOWHERE)) for name in (THEME, LANGUAGE))
    return Settings(source, keys, vi, largest, theme, language, findings.sorted())


class _Reader:
    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def mapping(self, value: object, what: str, wanted: str, instead: str) -> dict[str, tuple[Span, object]]:
        from dsl import yaml_text

        if isinstance(value, yaml_text.Mapping):
            return {name: (span, one) for name, (span, one) in value.entries.items()}
        assert isinstance(value, yaml_text.Text | yaml_text.Items)
        if isinstance(value, yaml_text.Text) and not value.text:
            return {}  # all of them may be comments
        self._findings.add("S004", value.span, what=what, wanted=wanted, instead=instead)
        return {}

    def text(self, name: str, value: object) -> Said | None:
        from dsl import yaml_text

        if isinstance(value, yaml_text.Text) and value.text.strip():
            return value.text.strip(), value.span
        assert isinstance(value, yaml_text.Text | yaml_text.Items | yaml_text.Mapping)
        self._findings.add(
            "S004", value.span, what=f"`{name}`", wanted=phrase("a word"), instead=phrase("write one behind the colon")
        )
        return None

    def flag(self, name: str, said: Said | None, usual: bool) -> bool:
        if said is None:
            return usual
        text, span = said
        if text.lower() not in (*_YES, *_NO):
            self._findings.add(
                "S004",
                span,
                what=f"`{name}`",
                wanted=phrase("true or false"),
                instead=phrase("write `{line}`", line=f"{name}: true"),
            )
            return usual
        return text.lower() in _YES
