"""The nodes of a statement, whatever they are."""

from __future__ import annotations

from collections.abc import Iterator

from dsl import nodes


def inside(node: object) -> Iterator[object]:
    """A node and all below it, the outer first; words, too."""
    if not isinstance(node, tuple):
        return
    if hasattr(node, "_fields"):
        yield node
    if not isinstance(node, nodes.Word):
        for child in node:
            yield from inside(child)


def words(node: object, parent: object = None, field: str = "") -> Iterator[tuple[object, str, nodes.Word]]:
    """Every word of a statement, with the node and the field that it stands in."""
    if isinstance(node, nodes.Word):
        yield parent, field, node
    elif isinstance(node, tuple):
        names = getattr(node, "_fields", None)
        for index, child in enumerate(node):
            if names is None:
                yield from words(child, parent, field)
            else:
                yield from words(child, node, names[index])


def over(node: object, column: int) -> Iterator[object]:
    """The nodes of a statement that a column is in or at the end of, the outer first."""
    for one in inside(node):
        at = getattr(one, "at", None)
        if isinstance(at, tuple) and at[0] <= column <= at[1]:
            yield one
