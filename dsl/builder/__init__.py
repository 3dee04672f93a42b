"""From grammar rules to nodes: one method a rule, called by the parser as it reduces. Builds, and judges nothing.

Each module holds the rules of a layer of the grammar, as dsl/nodes does the shapes."""

from __future__ import annotations

from typing import Any

from lark import Token, Transformer

from dsl.builder.claims import Claims
from dsl.builder.demands import Demands
from dsl.builder.items import Items
from dsl.builder.rules import Rules
from dsl.builder.settings import Settings
from dsl.builder.steps import Steps
from dsl.builder.uses import Uses


class Builder(Settings, Uses, Rules, Demands, Items, Steps, Claims, Transformer[Token, Any]):
    """Called with the children of a reduced rule; returns its node."""

    def start(self, children: list[Any]) -> Any:
        return children[0]
