"""The language server: what editors ask by the Language Server Protocol, answered by `dsl/assist`.

Needs the extra `lsp` (pygls). Nothing here is loaded but by `rollover lsp`.
"""
