"""The server: which request is answered by what. Documents are kept here; answers are made in a thread of their own, from a
document as it was when it was asked about, so that a long one keeps nobody from typing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from dsl.diagnostics import Diagnostic
from tui.language import ENGLISH, named
from tui.lsp import publishing, reading, writing
from tui.lsp.checks import Checks
from tui.lsp.texts import Ruler, Text
from tui.lsp.views import View
from tui.saying import speak

Answer = Callable[[View, Any], object]


class _Protocol(LanguageServerProtocol):
    """Documents are the server's: pygls would keep them with other line ends."""

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        self._server.opened(Text(document.uri, document.version, document.text))  # type: ignore[attr-defined]

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        self._server.changed(params)  # type: ignore[attr-defined]

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        self._server.closed(params.text_document.uri)  # type: ignore[attr-defined]


class Server(LanguageServer):
    def __init__(self, version: str) -> None:
        super().__init__("rollover", version, protocol_cls=_Protocol)
        self.texts: dict[str, Text] = {}
        self.checks = Checks(self.view, self._publish)
        self.answers = ThreadPoolExecutor(1, "answer")
        self.may_end = False
        self._register()

    # ---- documents

    @property
    def ruler(self) -> Ruler:
        return Ruler(self.workspace.position_encoding or types.PositionEncodingKind.Utf16)

    def view(self, uri: str) -> View | None:
        text = self.texts.get(uri)
        return View(text, self.ruler, dict(self.texts), self.checks.last.get(uri)) if text else None

    def opened(self, text: Text) -> None:
        self.texts[text.uri] = text
        self._check(text, 0)

    def changed(self, params: types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        text = self.texts.get(uri, Text(uri, 0, ""))
        for change in params.content_changes:
            text = Text(uri, params.text_document.version, text.changed(change, self.ruler))
        self.texts[uri] = text
        self._check(text)

    def closed(self, uri: str) -> None:
        text = self.texts.pop(uri, None)
        self.checks.forget(uri)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        if text:
            self._check_about(text)

    def _check(self, text: Text, seconds: float | None = None) -> None:
        self.checks.soon(text.uri) if seconds is None else self.checks.soon(text.uri, seconds)
        self._check_about(text)

    def _check_about(self, plan: Text) -> None:
        """A plan that changes may make the scenarios about it wrong, or right."""
        for uri in [*self.texts]:
            view = self.view(uri)
            if view and view.text.is_scenario and uri != plan.uri and view.plan_path == plan.path:
                self.checks.soon(uri)

    def _publish(self, view: View, found: Iterable[Diagnostic]) -> None:
        told = publishing.diagnostics(view, found)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(view.text.uri, told, view.text.version))

    def shutdown(self) -> None:
        self.checks.close()
        self.answers.shutdown(wait=False, cancel_futures=True)
        super().shutdown()  # type: ignore[no-untyped-call]

    # ---- answers

    def _register(self) -> None:
        for name, answer, options in _answers():
            self.feature(name, options)(self._answering(answer))
        self.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=['"']))(
            self._answering(lambda view, params: writing.completion(view, params, snippets=self._takes_snippets()))
        )

        @self.feature(types.INITIALIZE)
        def _begins(params: types.InitializeParams) -> None:
            speak(named(params.locale or "") or ENGLISH)

        @self.feature(types.SHUTDOWN)
        def _will_end(_params: None) -> None:
            self.may_end = True

    def _answering(self, answer: Answer) -> Callable[[Any], Awaitable[object]]:
        async def answered(params: Any) -> object:
            view = self.view(params.text_document.uri)
            if view is None:
                return None
            return await asyncio.get_running_loop().run_in_executor(self.answers, partial(answer, view, params))

        return answered

    def _takes_snippets(self) -> bool:
        document = self.client_capabilities.text_document
        completion = document.completion if document else None
        item = completion.completion_item if completion else None
        return bool(item and item.snippet_support)


def _answers() -> Iterator[tuple[str, Answer, object]]:
    yield types.TEXT_DOCUMENT_HOVER, reading.hover, None
    yield types.TEXT_DOCUMENT_DEFINITION, reading.definition, None
    yield types.TEXT_DOCUMENT_REFERENCES, reading.references, None
    yield types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, reading.symbols, None
    yield types.TEXT_DOCUMENT_FOLDING_RANGE, reading.folding, None
    yield types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, reading.tokens_of_all, reading.LEGEND
    yield types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, reading.tokens_of_range, reading.LEGEND
    yield types.TEXT_DOCUMENT_INLAY_HINT, reading.inlay_hints, None
    yield types.TEXT_DOCUMENT_PREPARE_RENAME, writing.prepare_rename, None
    yield types.TEXT_DOCUMENT_RENAME, writing.rename, types.RenameOptions(prepare_provider=True)
    yield types.TEXT_DOCUMENT_FORMATTING, writing.formatting, None
    yield types.TEXT_DOCUMENT_RANGE_FORMATTING, writing.range_formatting, None
    kinds = types.CodeActionOptions([types.CodeActionKind.QuickFix, writing.FIX_ALL])
    yield types.TEXT_DOCUMENT_CODE_ACTION, writing.code_actions, kinds


def serve(version: str) -> int:
    """Serves one editor on standard input and output until it ends. Gives the exit code: 0 where it said that it would."""
    server = Server(version)
    # pygls closes what it writes to; whatever else is printed must not get between its messages.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as output, contextlib.redirect_stdout(sys.stderr):
        server.start_io(stdout=output)
    return 0 if server.may_end else 1
