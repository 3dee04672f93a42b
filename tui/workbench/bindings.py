"""Every key of the app by the id of what it does: listed, and given other keys by somebody's settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.binding import Binding
from textual.keys import REPLACED_KEYS, Keys, _character_to_key, key_to_character
from textual.widgets import TextArea

from dsl.diagnostics import Diagnostic, Findings, suggestion
from dsl.phrase import listed, phrase
from dsl.source import printable
from tui.language import LANGUAGES, named
from tui.settings import Settings
from tui.workbench.app import RolloverApp
from tui.workbench.editor.find_bar import FindBar
from tui.workbench.editor.plan_editor import PlanEditor
from tui.workbench.editor.problem_list import ProblemList
from tui.workbench.editor.prompt import Prompt
from tui.workbench.editor.text_pane import TextPane
from tui.workbench.outcome import TABS, Outcome, page_class
from tui.workbench.usage_strip import UsageStrip
from tui.wrap import wrapped

# What has the keys where the focus is somewhere, the innermost first.
_CHAINS: tuple[tuple[type, ...], ...] = (
    (PlanEditor, TextPane, RolloverApp),
    (FindBar, TextPane, RolloverApp),
    (Prompt, TextPane, RolloverApp),
    *((page_class(tab), Outcome, RolloverApp) for tab in TABS),
    (UsageStrip, Outcome, RolloverApp),
    (ProblemList,),
)
_FUNCTION_KEY = re.compile(r"f([1-9]|1\d|2[0-4])")
_NONE = "\0"  # stands for no character
_MODIFIERS = {"ctrl", "shift", "alt", "super", "meta", "hyper"}


@dataclass(frozen=True, slots=True)
class Bound:
    """`keys` are separated by commas; `sentence` says what they do."""

    id: str
    keys: str
    sentence: str
    is_typed_in: bool = False  # where it works, letters alone are text


def bound() -> tuple[Bound, ...]:
    """Every binding with an id, each once, those of the app first."""
    found: dict[str, Bound] = {}
    for cls in dict.fromkeys((RolloverApp, *(one for chain in _CHAINS for one in chain))):
        for binding in _own(cls):
            if not binding.id:
                continue
            typed_in = cls in (RolloverApp, PlanEditor, TextPane, FindBar, Prompt)
            sentence = binding.tooltip or f"{binding.description}."
            known = found.get(binding.id)
            keys = f"{known.keys},{binding.key}" if known and binding.key not in known.keys.split(",") else binding.key
            found[binding.id] = Bound(binding.id, keys, sentence, typed_in)
    return tuple(found.values())


def _own(cls: type) -> Iterator[Binding]:
    """The bindings that Rollover gives a class; not those that it has from Textual."""
    for one in cls.__mro__:
        if one.__module__.startswith("tui."):
            yield from (binding for binding in vars(one).get("BINDINGS", ()) if isinstance(binding, Binding))


# ---- remapping


def keymap(settings: Settings) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """What Textual is to be told, and what is wrong with it: ids that nothing has, keys that are none, or taken."""
    findings = Findings()
    known = {one.id: one for one in bound()}
    mapped: dict[str, str] = {}
    for name, (keys, span) in settings.keys.items():
        if name not in known:
            meant = suggestion(name, known, phrase("`rollover keys` lists the ids"))
            findings.add("S003", span, key=name, what=phrase("the id of a binding"), meant=meant)
        elif problem := _unusable(keys, known[name]):
            findings.add(
                "S005", span, problem=problem, instead=phrase("write one such as `alt+z`, `alt+f`, `f10` or `shift+f3`")
            )
        else:
            mapped[name] = ",".join(map(_in_full, keys.replace(" ", "").split(",")))
    while clash := _clash(mapped):
        name, key, other = clash
        span = settings.keys[name][1]
        findings.add(
            "S005",
            span,
            problem=phrase("`{key}` is the key of `{other}`", key=key, other=other),
            instead=phrase("write another, or give that one another, too"),
        )
        del mapped[name]
    return mapped, findings.sorted()


def _unusable(keys: str, binding: Bound) -> str:
    """Why these are no keys for a binding, or ""."""
    for key in keys.replace(" ", "").split(","):
        *modifiers, last = key.split("+") if key != "+" else ["+"]
        if not set(modifiers) <= _MODIFIERS or not _is_key(last):
            return phrase("`{key}` is not a key", key=key)
        if binding.is_typed_in and _character(_in_full(last)).isprintable() and not set(modifiers) - {"shift"}:
            return phrase("`{key}` is what people type", key=key)
    return ""


def _is_key(name: str) -> bool:
    if len(name) == 1:
        return name.isprintable()
    return bool(_FUNCTION_KEY.fullmatch(name)) or name in {key.value for key in Keys} or _character(name) != _NONE


def _character(name: str) -> str:
    """What a key without modifiers writes."""
    return key_to_character(REPLACED_KEYS.get(name, name)) or _NONE


def _in_full(key: str) -> str:
    """As Textual names keys: `full_stop` for `.`."""
    *modifiers, last = key.split("+") if key != "+" else ["+"]
    if len(last) == 1 and not last.isalnum():
        last = _character_to_key(last)
    return "+".join([*modifiers, last])


def _clash(mapped: dict[str, str]) -> tuple[str, str, str] | None:
    """The first remapped binding whose key is another's where both would work: its id, the key, and the other."""
    for chain in _CHAINS:
        taken: dict[str, Binding] = {}
        for cls in chain:
            for binding in [*_own(cls), *(TextArea.BINDINGS if cls is PlanEditor else ())]:
                assert isinstance(binding, Binding)
                for key in mapped.get(binding.id or "", binding.key).split(","):
                    first = taken.setdefault(key, binding)
                    own = all(key in one.key.split(",") for one in (first, binding))  # then it is so for everybody
                    if first.id != binding.id and not own:
                        mine, other = (binding, first) if binding.id in mapped else (first, binding)
                        return str(mine.id), key, other.id or other.description
    return None


def theme(settings: Settings, known: Sequence[str]) -> tuple[str, tuple[Diagnostic, ...]]:
    """The theme that is wanted, "" for none."""
    name, span = settings.theme
    if not name or name in known:
        return name, ()
    findings = Findings()
    meant = suggestion(name, known, phrase("there are {names}", names=listed(sorted(known))))
    findings.add("S003", span, key=name, what=phrase("a theme"), meant=meant)
    return "", findings.sorted()


def wrong_language(settings: Settings) -> tuple[Diagnostic, ...]:
    """What is wrong with the language that is wanted."""
    name, span = settings.language
    findings = Findings()
    if name and not named(name):
        findings.add(
            "S003", span, key=name, what=phrase("a language"), meant=phrase("there are {names}", names=listed(LANGUAGES))
        )
    return findings.sorted()


# ---- for people


_KEYS = 26  # columns of the keys in a list of them


def listing(mapped: dict[str, str]) -> list[str]:
    """A line a binding: its id, its keys, and what they do; below it the keys that have no room there."""
    rows = [(one.id, wrapped(mapped.get(one.id, one.keys).replace(",", ", "), _KEYS), one.sentence) for one in bound()]
    wide = max(len(row[0]) for row in rows)
    lines = []
    for id_, (keys, *more), sentence in rows:
        lines.append(f"{id_:<{wide}}  {keys:<{_KEYS}}  {sentence}")
        lines += [f"{'':<{wide}}  {others}" for others in more]
    return lines


def as_settings(mapped: dict[str, str], path: str) -> list[str]:
    """Settings that change nothing yet; lines with a `#` before them are left as they come."""
    lines = [f"# Put this in {printable(path)}, take the `#` from what you want otherwise, and start the editor again."]
    lines += ["# vi: true", "# largest: false", "# theme: textual-light", "keys:"]
    for one in bound():
        keys = mapped.get(one.id)
        lines.append(f"  {'' if keys else '# '}{one.id}: {keys or one.keys}  # {one.sentence}")
    return lines
