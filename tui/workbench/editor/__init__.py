"""The editor of a plan: what it draws, what its keys do, and what it offers while somebody types."""

from tui.workbench.editor.drawn import ERROR_MARK, WARNING_MARK
from tui.workbench.editor.plan_editor import PlanEditor

__all__ = ["ERROR_MARK", "WARNING_MARK", "PlanEditor"]
