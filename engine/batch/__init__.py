"""The same rules over very many subscribers.

`terms` are amounts nobody knows yet; `course` runs a line of the reference engine from boundary to boundary, on numbers or on
terms; `trace` makes of a plan's cycles straight-line steps, or says what prevents it; `numpy_form` and `numba_form` run these
over columns, `rows` the rest, a row at a time.
"""
