"""An editor for tests: a client of the protocol, by pygls, which starts `rollover lsp` and speaks with it over its pipes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.uris import from_fs_path

PATIENCE = 240  # seconds until something that should come is missed


class Editor(LanguageClient):
    """`said[uri]` are the diagnostics of each document as they came, the newest last."""

    def __init__(self) -> None:
        super().__init__("tests", "0")
        self.said: dict[str, list[types.PublishDiagnosticsParams]] = {}
        self._news = asyncio.Event()
        self.initialized_as: types.InitializeResult | None = None

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _published(params: types.PublishDiagnosticsParams) -> None:
            self.said.setdefault(params.uri, []).append(params)
            self._news.set()

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self._server is not None
        return self._server

    def open(self, uri: str, text: str) -> None:
        item = types.TextDocumentItem(uri, "rollover", 1, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, uri: str, version: int, *changes: types.TextDocumentContentChangeEvent) -> None:
        document = types.VersionedTextDocumentIdentifier(uri=uri, version=version)
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, list(changes)))

    async def diagnostics(self, uri: str, version: int = 1) -> list[types.Diagnostic]:
        """What is found in that version of a document, when it comes."""
        async with asyncio.timeout(PATIENCE):
            while not (found := [one for one in self.said.get(uri, []) if one.version == version]):
                self._news.clear()
                await self._news.wait()
        return list(found[-1].diagnostics)

    async def codes(self, uri: str, version: int = 1) -> list[str]:
        return [str(one.code) for one in await self.diagnostics(uri, version)]


def uri(path: Path) -> str:
    found = from_fs_path(str(path))
    assert found
    return found


def document(uri: str) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(uri)


def at(text: str, mark: str) -> types.Position:
    """Where a text stands in another, or with `|` in it where that stands; in UTF-16 units, as editors count."""
    before = mark.partition("|")[0] if "|" in mark else ""
    upto = text[: text.index(mark.replace("|", "")) + len(before)]
    return types.Position(upto.count("\n"), len(upto.rpartition("\n")[2].encode("utf-16-le")) // 2)


def everything() -> types.Range:
    return types.Range(types.Position(0, 0), types.Position(100_000, 0))


def edited(text: str, edits: list[types.TextEdit]) -> str:
    """A text with edits applied, as editors do: places are those of the text before, in UTF-16 units."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ends = "\r\n" if "\r\n" in text else "\n"

    def offset(there: types.Position) -> int:
        line = lines[there.line].encode("utf-16-le")[: there.character * 2].decode("utf-16-le")
        return sum(len(one) + len(ends) for one in lines[: there.line]) + len(line)

    for edit in sorted(edits, key=lambda one: (one.range.start.line, one.range.start.character), reverse=True):
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text


@asynccontextmanager
async def editor(*encodings: str, snippets: bool = True, locale: str | None = None) -> AsyncIterator[Editor]:
    """An editor with the server started; it is told to end, and does."""
    client = Editor()
    await client.start_io(str(Path(sys.executable).with_name("rollover")), "lsp", "--stdio")
    item = types.ClientCompletionItemOptions(snippet_support=snippets)
    completion = types.CompletionClientCapabilities(completion_item=item)
    general = types.GeneralClientCapabilities(position_encodings=[*encodings]) if encodings else None
    capabilities = types.ClientCapabilities(
        general=general, text_document=types.TextDocumentClientCapabilities(completion=completion)
    )
    async with asyncio.timeout(PATIENCE):
        params = types.InitializeParams(capabilities=capabilities, locale=locale)
        client.initialized_as = await client.initialize_async(params)
    client.initialized(types.InitializedParams())
    try:
        yield client
    finally:
        if client.process.returncode is None:
            async with asyncio.timeout(PATIENCE):
                await client.shutdown_async(None)
                client.exit(None)
                await client.process.wait()
        await client.stop()
