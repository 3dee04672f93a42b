"""The ends that are said of a lot; of several, the earliest counts."""

from __future__ import annotations

from dsl import nodes
from dsl.context import Context, is_pack
from dsl.nodes import Flag, Line
from dsl.plan import Earliest, Life, WithPack

_FLAGS = {Flag.WITHOUT_END}


def is_end(mark: nodes.Mark) -> bool:
    """Whether a mark says when a lot ends, whatever happens to it."""
    if isinstance(mark, nodes.Said):
        return mark.flag in _FLAGS
    return isinstance(mark, nodes.For | nodes.ToEnd | nodes.LastDay | nodes.Weekday | nodes.ToMidnight | nodes.WithPack)


def read(context: Context, line: Line, mark: nodes.Mark) -> Life | None:
    """The life that a mark says; None, and reported, where there is no such life."""
    if isinstance(mark, nodes.WithPack):
        known = is_pack(context.amounts.findings, line, mark.pack, context.names.packs)
        return WithPack(mark.pack.text) if known else None
    return context.amounts.life(line, mark)


class Ends:
    """Collects the ends of one item. `what` names them where they are said twice: in the same words, or beside `without
    end`."""

    def __init__(self, context: Context, what: str) -> None:
        self.context = context
        self.what = what
        self.lives: list[Life] = []
        self.sound = True
        self._said: set[object] = set()

    def add(self, line: Line, mark: nodes.Mark, life: Life | None) -> None:
        words = _words(mark)
        if words in self._said or (self._said and Flag.WITHOUT_END in (words, *self._said)):
            self.context.amounts.findings.add("R213", line.span(mark.at), what=self.what)
        elif life:
            self.lives.append(life)
        self._said.add(words)
        self.sound &= life is not None

    @property
    def any_said(self) -> bool:
        return bool(self._said)

    def life(self, default: Life) -> Life:
        match self.lives:
            case []:
                return default
            case [life]:
                return life
            case _:
                return Earliest(tuple(self.lives))


def _words(mark: nodes.Mark) -> object:
    match mark:
        case nodes.Period():
            return nodes.For  # `carry 1 month for 30 days`
        case nodes.Said():
            return mark.flag
        case nodes.ToEnd():
            return nodes.ToEnd, mark.of
        case _:
            return type(mark)
