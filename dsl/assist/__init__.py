"""What an editor asks of a text while somebody writes it: completions, meanings, names, tokens, hints, quick fixes.

Every editor is served by the same functions, the language server and the terminal UI alike: they take a text or what `check`
made of it, and give values. Places are those of `dsl.source.Span`. Nothing here raises on any text.
"""
