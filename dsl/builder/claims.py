"""What a plan claims, and the use it assumes for that."""

from __future__ import annotations

from dsl import nodes
from dsl.builder.children import Child, all_of, at_of, has, word_in, word_of, words_of


def _every(children: list[Child]) -> str:
    return "month" if has(children, "MONTH") else "cycle" if has(children, "CYCLE") else ""


class Claims:
    def ensure(self, children: list[Child]) -> nodes.Ensure:
        return nodes.Ensure(children[1], at_of(children))

    def never_above(self, children: list[Child]) -> nodes.NeverAbove:
        return nodes.NeverAbove(
            word_in(children, "CARRIED", "CONVERTED", "CHARGED", "DUE"), word_in(children, "WORD"),
            all_of(children, nodes.Quantity)[0], _every(children), has(children, "PROMOTIONS"), at_of(children),
        )  # fmt: skip

    carried_never_above = never_above
    cycle_never_above = never_above

    def never_expires(self, children: list[Child]) -> nodes.NeverExpires:
        service = words_of(children, "WORD")[0]
        one = word_in(children, "A")
        number = one._replace(text="1") if one else word_in(children, "NUMBER")
        return nodes.NeverExpires(service, number, has(children, "PROMOTIONS"), at_of(children))

    def never_worse(self, children: list[Child]) -> nodes.NeverWorse:
        return nodes.NeverWorse(word_of(children[0]), word_of(children[-1]), at_of(children))

    def assume(self, children: list[Child]) -> nodes.Assume:
        service = word_in(children, "WORD")
        return nodes.Assume(service, all_of(children, nodes.Quantity)[0], _every(children), at_of(children))
