"""Marks that stand for the same thing wherever they are shown."""

LIT = "•"  # what the rule at the cursor of the text moved
CURSOR = "▸"  # the row, and the cycle, that is selected
CAP = "│"  # a cap of what is carried
