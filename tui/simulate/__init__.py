"""Usage of very many subscribers, made up: `habits` are the figures, `population` who is there when and on which plan, `blocks`
make the rows, `writing` the file. docs/simulate.md says what is promised of it. Wants the extra `batch`.

Whole numbers throughout: what is multiplied stands as its logarithm, in parts of an octave (`draws`), so that a seed means the
same bytes on every processor and with every version of numpy.
"""
