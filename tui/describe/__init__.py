"""The customer's terms, written from the rules: from a checked plan to text, a file a concept as in `dsl/plan`.

What they say and what the engine does come from one value, so that neither can say what the other does not do."""

from tui.describe.regulations import describe_regulation
from tui.describe.terms import Item, Section, Terms
from tui.describe.whole import describe

__all__ = ["Item", "Section", "Terms", "describe", "describe_regulation"]
