"""The terminal UI: the only package that loads Textual. What it shows is made without it, beside this package."""
