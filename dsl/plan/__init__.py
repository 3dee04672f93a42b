"""The checked plan: what a text means. The waist between the language and everything that reads it.

Nothing here is optional or left to be worked out: amounts are whole base units (`dsl.units`), sugar is lowered, rules stand in
the order in which they apply, and each piece keeps the span of the text that made it. LANGUAGE concepts: a lot is put by a
`Grant`; a `Rule` takes lots in hand at a close and its clauses act in the order written; what no clause claims expires.

Each module says one concept; who reads plans imports from here."""

from dsl.plan.changes import *
from dsl.plan.claims import *
from dsl.plan.clauses import *
from dsl.plan.counting import *
from dsl.plan.limits import *
from dsl.plan.lines import *
from dsl.plan.lots import *
from dsl.plan.offers import *
from dsl.plan.order import *
from dsl.plan.prices import *
from dsl.plan.regulations import *
from dsl.plan.remedies import *
from dsl.plan.rules import *
from dsl.plan.time import *
from dsl.plan.uses import *
from dsl.plan.whole import *
