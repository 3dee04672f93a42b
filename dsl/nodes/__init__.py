"""What was written: one immutable node per shape of the grammar, with the columns where it stands. No meaning is judged here.

`at` is `(start, end)` in code points of the node's line; a `Line` knows its number, and `Line.span` makes a `Span` of the two.
Numbers stay decimal text and units stay words until dsl/amounts.py reads them. Nodes are named tuples because a command that
only checks a file should not wait for fifty dataclasses to be made: a named tuple takes an eighth of the time.

Each module holds a layer of the grammar; who reads nodes imports from here."""

from dsl.nodes.demands import *
from dsl.nodes.hands import *
from dsl.nodes.items import *
from dsl.nodes.settings import *
from dsl.nodes.statements import *
from dsl.nodes.steps import *
from dsl.nodes.words import *
