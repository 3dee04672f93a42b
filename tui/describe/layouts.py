"""Terms as text for a terminal, as Markdown, and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from dsl.source import printable, width
from tui.describe.terms import Item, Terms
from tui.wrap import wrapped

SCHEMA = "rollover.terms/1"
LEAST_COLUMNS = 30
_RULER = "="


def shown(terms: Terms, layout: str, columns: int) -> str:
    """In a layout: `text`, `markdown` or `json`."""
    match layout:
        case "markdown":
            return as_markdown(terms)
        case "json":
            return as_json(terms)
        case _:
            return as_text(terms, columns)


def as_text(terms: Terms, columns: int) -> str:
    """In lines of at most `columns` columns, in which a Chinese character takes two."""
    columns = max(columns, LEAST_COLUMNS)
    lines = [*wrapped(terms.title, columns), _RULER * min(columns, width(terms.title))]
    for section in terms.sections:
        lines += ["", *wrapped(section.title, columns), "-" * min(columns, width(section.title))]
        lines += _items(section.items, columns, "")
    return "".join(f"{line}\n" for line in lines)


def _items(items: tuple[Item, ...], columns: int, indent: str, *, in_order: bool = False) -> Iterator[str]:
    for mark, item in zip(_marks(items, in_order=in_order), items, strict=True):
        yield from wrapped(item.text, columns, first=indent + mark, others=indent + " " * len(mark))
        yield from _items(item.below, columns, indent + " " * len(mark), in_order=item.in_order)


def _marks(items: tuple[Item, ...], *, in_order: bool) -> list[str]:
    return [f"{number}. " for number in range(1, len(items) + 1)] if in_order else ["- "] * len(items)


# ---- Markdown


def as_markdown(terms: Terms) -> str:
    lines = [f"# {escaped(terms.title)}"]
    for section in terms.sections:
        lines += ["", f"## {escaped(section.title)}", "", *_listed(section.items, "")]
    return "".join(f"{line}\n" for line in lines)


def _listed(items: tuple[Item, ...], indent: str, *, in_order: bool = False) -> Iterator[str]:
    for mark, item in zip(_marks(items, in_order=in_order), items, strict=True):
        yield f"{indent}{mark}{escaped(item.text)}"
        yield from _listed(item.below, indent + " " * len(mark), in_order=item.in_order)


def escaped(text: str) -> str:
    """Text as Markdown that shows it as it is, whatever a file calls its packs: no markup, no tag, no link."""
    text = re.sub(r"[\\`*_{}\[\]<>#|~&$!@^]", r"\\\g<0>", text)
    return re.sub(r"(?i)(?<=www)\.|:(?=//)", r"\\\g<0>", text)


# ---- JSON


def as_json(terms: Terms) -> str:
    told = {
        "schema": SCHEMA,
        "plan": terms.plan,
        "language": terms.language,
        "title": terms.title,
        "sections": [
            {"key": section.key, "title": section.title, "items": [_item(item) for item in section.items]}
            for section in terms.sections
        ],
        "assumptions": [{"topic": one.topic, "rule": one.rule, "text": text} for one, text in terms.silent],
    }
    text = json.dumps(told, indent=2, ensure_ascii=False)
    # A name is what it is, and what would move a cursor is an escape of JSON.
    return "".join(one if one == "\n" or printable(one) == one else json.dumps(one)[1:-1] for one in text) + "\n"


def _item(item: Item) -> dict[str, object]:
    below: dict[str, object] = {"in_order": item.in_order, "items": [_item(one) for one in item.below]} if item.below else {}
    return {"text": item.text, **below}
