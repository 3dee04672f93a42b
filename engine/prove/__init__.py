"""What holds for every subscriber and every number of cycles.

The steps of `engine/batch/trace.py`, what one cycle computes of unknown amounts, read once more, as terms of a solver
(`terms.py`); `claims.py` proves with them what a plan claims, or finds a history that breaks it. Wants the extra `prove`.
"""
