"""The catalogs of other languages: what is said in the source, what is translated, and what the commands load.

`ROLLOVER_UPDATE=1 pytest tests/test_catalogs.py` writes into each `.po` what the source says now, what is new untranslated, and
compiles it to the `.mo` beside it."""

from __future__ import annotations

import ast
import contextlib
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from command_line import ROOT

from dsl import pages
from dsl.assist import catalogue
from dsl.lints import lints
from tui.language import DOMAIN, LOCALES

# How a message is marked: `say`, `message` and `phrase` take it first, `say_many` in singular and plural; an assumption carries
# its own, and the catalogue of diagnostics has two a code.
KEYWORDS = {"say": None, "say_many": (1, 2), "message": None, "phrase": None, "Assumption": (3,)}
SPOKEN = ("tui", "engine", "dsl")  # the packages that say something


def said() -> Catalog:
    """Every message of the source."""
    found = Catalog(domain=DOMAIN)
    for path in _sources():
        with contextlib.redirect_stderr(
            io.StringIO()
        ):  # of rules, which are never translated, it tells that they are f-strings
            messages = extract_from_file("python", path, KEYWORDS)
        for _, text, _, _ in messages:
            found.add(text, locations=[(path.relative_to(ROOT).as_posix(), 0)])
        for text in _declared(ast.parse(path.read_bytes())):
            found.add(text, locations=[(path.relative_to(ROOT).as_posix(), 0)])
    for where, text in _of_documents():
        found.add(text, locations=[(where, 0)])
    return found


def _of_documents() -> Iterator[tuple[str, str]]:
    """What words mean, and the pages of codes: these are written as documents, and read as phrases."""
    words = [*catalogue.lines().values(), *catalogue.phrases().values()]
    for meaning in (*catalogue.meanings().values(), *catalogue.places().values()):
        words += meaning
    yield from (("dsl/words.md", text.template) for text in words if text)
    for code in pages.codes():
        where = f"{lints()[code].replace('.', '/')}.py" if code in lints() else "dsl/messages.md"
        found = pages.page(code)
        assert found
        yield from ((where, text.template) for text in (found.title, *(part.words for part in found.parts)))


def _declared(tree: ast.Module) -> Iterator[str | tuple[str, ...]]:
    """What the workbench declares where it is not said yet: keys with their words and sentences, pages with their tabs and
    help; and what is said within an f-string, where a search by tokens does not find it."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="say" | "phrase"), args=[first, *_]):
                yield from _texts([first])
            case ast.Call(func=ast.Name(id="say_many"), args=[one, many, *_]):
                if forms := tuple(_texts([one, many])):
                    yield forms
            case ast.Call(func=ast.Name(id="Binding"), args=args, keywords=keywords):
                yield from _texts([*args[2:3], *(one.value for one in keywords if one.arg == "tooltip")])
            case ast.Assign(targets=[ast.Name(id="TAB" | "HELP")], value=value):
                yield from _texts([value])
            case ast.AnnAssign(target=ast.Name(id="ERRORS" | "WARNINGS" | "PROVED"), value=ast.Dict(values=values)):
                yield from _texts(text for two in values if isinstance(two, ast.Tuple) for text in two.elts)


def _texts(nodes: Iterable[ast.expr]) -> Iterator[str]:
    """Those that have words, and not fields alone."""
    said = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    yield from (text for text in said if any(map(str.isalpha, re.sub(r"{\w+}", "", text))))


def _sources() -> Iterator[Path]:
    for package in SPOKEN:
        yield from sorted((ROOT / package).rglob("*.py"))


def po_file(code: str) -> Path:
    return LOCALES / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(code: str) -> Catalog:
    with po_file(code).open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def compiled(code: str) -> Catalog:
    with po_file(code).with_suffix(".mo").open("rb") as file:
        return read_mo(file)


def update(code: str) -> None:
    catalog = read(code) if po_file(code).exists() else _new(code)
    template = said()
    template.creation_date = catalog.creation_date  # else each update would differ
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    written = io.BytesIO()
    write_po(written, catalog, width=120, include_lineno=False, sort_by_file=True)
    po_file(code).parent.mkdir(parents=True, exist_ok=True)
    po_file(code).write_bytes(written.getvalue())
    with po_file(code).with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def _new(code: str) -> Catalog:
    comment = f"# What Rollover says, in {code}: see docs/architecture.md."
    return Catalog(code, DOMAIN, comment, project="Rollover", version="0.1", language_team=code, fuzzy=False)


def messages(catalog: Catalog) -> set[str | tuple[str, ...]]:
    """The English of each message, or of its singular and plural."""
    return {_id(message) for message in catalog if message.id}


def translations(catalog: Catalog) -> dict[str | tuple[str, ...], tuple[str, ...]]:
    """What stands for each message."""
    return {_id(message): strings(message) for message in catalog if message.id}


def strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _id(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)
