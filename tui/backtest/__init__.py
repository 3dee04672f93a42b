"""What another plan would have made of a base: `usage_file` reads cycles of lines, `sides` runs both plans on them, `findings`
keeps what comes of it, `conditions` says what a build must not accept, and `text`, `figures_json` and `picture` show it.

All but the last three keep no line: memory is that of some thousand lines, however many there are. Wants the extra `batch`.
"""
