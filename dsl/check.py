"""A text to checked plans, with every mistake found on the way: the door of this package.

checked = check(Source("flex.plan", text))
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from dsl import because, dated, document, lower, nodes, offers, over_time, read_blocks, regulations, scopes, terms
from dsl.amounts import NOTHING_DECLARED, Amounts, Declared
from dsl.at_once import once
from dsl.context import Names, is_plan
from dsl.diagnostics import Diagnostic, Findings, naming, suggestion
from dsl.document import Block, Document
from dsl.file_scope import Rates, Scope
from dsl.phrase import phrase
from dsl.pieces import PieceReader
from dsl.plan import Cycle, Plan, Regulation
from dsl.read_blocks import Job, Packs
from dsl.scenario import Scenario
from dsl.source import Source, Span
from dsl.units import DEFAULT_DATA_STEP, MONEY_WORD, SERVICE_WORDS, data_power, own_unit, unit, whole

MAX_LIKES = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file means. Plans with an error in them are here too, without the part that could not be read."""

    source: Source
    plans: tuple[Plan, ...]
    scenarios: tuple[Scenario, ...]
    diagnostics: tuple[Diagnostic, ...]
    data_step: int
    declared: Declared = NOTHING_DECLARED
    regulations: tuple[Regulation, ...] = ()

    @property
    def has_errors(self) -> bool:
        return any(diagnostic.is_error for diagnostic in self.diagnostics)

    def plan(self, name: str) -> Plan | None:
        return next((plan for plan in self.plans if plan.name == name), None)

    def plan_at(self, line: int) -> Plan | None:
        """The plan whose block a line stands in, or the last one above it, or the first."""
        above = [plan for plan in self.plans if plan.span.line <= line]
        return above[-1] if above else next(iter(self.plans), None)


def check(source: Source) -> Checked:
    """Reads and checks a text. Never raises on any text: mistakes are diagnostics, in the order of the text."""
    findings = Findings()
    text = document.read(source, findings)
    return _Check(source, text, findings).run()


_UNKNOWN_WORDS = {"R101", "R102"}
_UNKNOWN = {*_UNKNOWN_WORDS, "R105", "R107", "R120", "R298"}


class _Check:
    def __init__(self, source: Source, text: Document, findings: Findings) -> None:
        self.source = source
        self.text = text
        self.findings = findings
        self.nameless: list[Block] = []  # without a name of their own: read for their mistakes only
        self.plans = self._named(nodes.PlanHeader, phrase("plan"))
        self.packs = self._named(nodes.PackHeader, phrase("pack"))
        self.promotions = self._named(nodes.PromotionHeader, phrase("promotion"))
        self.regulations = self._named(nodes.RegulationHeader, phrase("regulation"))
        self.circles: set[frozenset[str]] = set()
        self.made_packs: dict[Cycle, Packs] = {}
        self.about: object = None  # what the scope says
        self.promotions_of: dict[str, list[Block]] = {}
        for block in self.promotions.values():
            for name in dict.fromkeys(_plans_of(block)):
                self.promotions_of.setdefault(name, []).append(block)

    def run(self) -> Checked:
        scope = self._scope()
        self._targets()
        plans: list[Plan] = []
        scenarios: list[Scenario] = []
        for block in self.plans.values():
            plan, told = self._plan(scope, block)
            plans.append(plan)
            scenarios += told
        asked = tuple(regulations.regulation(scope.amounts, block) for block in self.regulations.values())
        self._without_plan(scope)
        scenarios = [
            because.placed(one, self.source, self.text, self.findings) if because.names_places(one) else one
            for one in scenarios
        ]
        if self.text.is_empty and self.text.sound:
            self.findings.add("R291", Span(1, 0, 0))
        return Checked(
            self.source, tuple(plans), tuple(scenarios), self._of_one_cause_each(), scope.data_step, scope.declared, asked
        )

    def _of_one_cause_each(self) -> tuple[Diagnostic, ...]:
        """The findings, but those that follow from a line that could not be read, or from the same word before."""
        lines = self.source.lines
        kept: list[Diagnostic] = []
        told: set[str] = set()
        for one in self.findings.sorted():
            if one.code in _UNKNOWN:
                word = lines[one.span.line - 1][one.span.start : one.span.end].strip('"').strip()
                if word in self.text.unread_words or (one.code in _UNKNOWN_WORDS and word.lower() in told):
                    continue
                told |= {word.lower()} if one.code in _UNKNOWN_WORDS else set()
            kept.append(one)
        return tuple(kept)

    def _named(self, header: type[nodes.Header], kind: str) -> dict[str, Block]:
        found: dict[str, Block] = {}
        for block in self.text.blocks:
            if not isinstance(block.header.statement, header):
                continue
            word = block.header.statement.name
            span = block.header.span(word.at)
            if not word.text.strip():
                self.findings.add("R110", span)
                self.nameless.append(block)
            elif block.name in found:
                first = found[block.name].header
                assert isinstance(first.statement, header)
                also = ((first.span(first.statement.name.at), phrase("the first stands here")),)
                self.findings.add("R106", span, kind=kind, name=block.name, also=also)
                self.nameless.append(block)
            else:
                found[block.name] = block
        return found

    # ---- the file

    def _scope(self) -> Scope:
        data_step = DEFAULT_DATA_STEP
        said: dict[str, Span] = {}
        for line in self.text.settings:
            if isinstance(line.statement, nodes.Equation) and not line.statement.is_rate:
                self._say_once(said, "units", line)
                data_step = self._units(line, line.statement) or data_step
        declared = self._declared()
        amounts = Amounts(self.findings, data_step, declared)
        zone = terms.DEFAULT_ZONE
        rates: Rates = {}
        groups: dict[str, tuple[str, ...]] = {}
        rates_known = "RATE" not in self.text.unread
        for line in self.text.settings:
            match line.statement:
                case nodes.Timezone() as statement:
                    self._say_once(said, "timezone", line)
                    zone = amounts.zone(line, statement.zone) or zone
                case nodes.Group() as statement:
                    self._say_once(said, f"group {statement.name.text}", line)
                    groups[statement.name.text] = self._members(line, statement)
                case nodes.Equation(is_rate=True) as statement:
                    found = lower.rate(amounts, line, statement)
                    rates_known &= found is not None
                    if found:
                        self._say_once(said, f"rate {found[0]}", line)
                        rates[found[0]] = found[1]
        names = Names(tuple(self.plans), tuple(self.packs), tuple(groups.items()))
        pieces = PieceReader(amounts, "plan")
        counting = [
            pieces.counting(line, line.statement) for line in self.text.settings if isinstance(line.statement, nodes.Counting)
        ]
        once(self.findings, counting)
        return Scope(
            self.findings, data_step, zone, rates, names, rates_known, set(said), declared=declared, counting=tuple(counting)
        )

    def _members(self, line: nodes.Line, group: nodes.Group) -> tuple[str, ...]:
        return tuple(word.text for word in group.plans if is_plan(self.findings, line, word, [*self.plans, *self.packs]))

    def _declared(self) -> Declared:
        """What the file declares and speaks of, wherever it does."""
        own: dict[str, None] = {}
        lines = [*self.text.settings, *(line for block in self.text.blocks for line in block.lines)]
        for line in lines:
            if isinstance(line.statement, nodes.Unit):
                word = line.statement.name
                if own_unit(word.text, own) or unit(word.text) or word.text.lower() in (*SERVICE_WORDS, MONEY_WORD):
                    self.findings.add("R255", line.span(word.at), word=word.text)
                else:
                    own[word.text.lower()] = None
        uses = dict.fromkeys(tag.text for line in self.text.settings for tag in scopes.tags_in(line.statement) if tag.name)
        for block in self.text.blocks:
            uses.update(dict.fromkeys(read_blocks.spoken_of(read_blocks.Lines(tuple(block.texts), block))))
        return Declared(tuple(own), tuple(uses))

    def _say_once(self, said: dict[str, Span], topic: str, line: nodes.Line) -> None:
        span = line.span(line.statement.at)
        if topic in said:
            self.findings.add("R213", span, what=phrase("this"), also=((said[topic], phrase("it is said here first")),))
        else:
            said[topic] = span

    def _units(self, line: nodes.Line, statement: nodes.Equation) -> int | None:
        """The step of the data ladder: 1000 or 1024."""
        left, right = data_power(statement.left.unit.text), data_power(statement.right.unit.text)
        step = whole(statement.right.number, 1)
        if left is None or right is None or left - right != 1 or statement.left.number != "1" or step not in (1000, 1024):
            self.findings.add("R113", line.span(statement.at))
            return None
        return step

    def _targets(self) -> None:
        """Names that promotions and `like` point to."""
        for block in self.text.blocks:
            header = block.header.statement
            words = header.plans if isinstance(header, nodes.PromotionHeader) else ()
            words = header.like if isinstance(header, nodes.PlanHeader) else words
            for word in words:
                if word.text not in self.plans:
                    help_ = suggestion(word.text, self.plans, phrase("write the name of a plan of this file"))
                    span = block.header.span(word.at)
                    fix = naming(span, word.text, self.plans)
                    self.findings.add("R105", span, fix=fix, name=word.text, meant=help_)

    # ---- one plan

    def _plan(self, scope: Scope, block: Block) -> tuple[Plan, tuple[Scenario, ...]]:
        """A plan with what the file adds to it, and the scenarios of its examples."""
        job = self._job(scope, *self._chain(block))
        alone = read_blocks.alone(job)
        self.findings.extend(alone.findings)
        cycle = alone.plans[dated.ALWAYS].cycle
        packs = self._packs(scope, cycle)
        promotions = tuple(
            read_blocks.promotion(self._job(scope, other), cycle) for other in self.promotions_of.get(block.name, ())
        )
        for one in promotions:
            self.findings.extend(one.findings)
        if not self.packs and not any(one.promotion for one in promotions):
            return alone.plan, alone.scenarios
        return read_blocks.with_offers(alone, packs, promotions), alone.scenarios

    def _job(self, scope: Scope, *blocks: Block) -> Job:
        """The reading of blocks, which depends on them, on the line they begin in, and on what the scope says."""
        if self.about is None:
            self.about = read_blocks.about(
                scope.data_step, scope.zone, tuple(scope.rates.items()), scope.rates_known, frozenset(scope.said), scope.names,
                scope.declared, scope.counting,
            )  # fmt: skip
        return Job((self.about, *((block.header.number, *block.texts) for block in blocks)), blocks, scope)

    def _chain(self, block: Block) -> list[Block]:
        """The plans this one is made `like`, the first of them first, and itself last."""
        chain = [block]
        while True:
            header = chain[0].header.statement
            assert isinstance(header, nodes.PlanHeader)
            parent = self.plans.get(header.like[0].text) if header.like else None
            if parent is None:
                return chain
            if len(chain) >= MAX_LIKES:
                self.findings.add("R234", chain[0].header.span(header.like[0].at), limit=MAX_LIKES)
                return chain
            if parent in chain:
                names = frozenset(other.name for other in chain)
                if names not in self.circles:  # once, not from each of its plans
                    circle = " -> ".join(other.name for other in [*reversed(chain), parent])
                    also = tuple((_like_of(other), phrase("and this")) for other in chain[1:] if other is not chain[0])
                    self.findings.add("R214", _like_of(chain[0]), circle=circle, also=also)
                self.circles.add(names)
                return chain
            chain.insert(0, parent)

    def _packs(self, scope: Scope, cycle: Cycle) -> Packs:
        """The packs of the file as plans with that cycle sell them."""
        if cycle not in self.made_packs:
            found = self.made_packs[cycle] = read_blocks.packs(self._job(scope, *self.packs.values()), cycle)
            self.findings.extend(found.findings)
        return self.made_packs[cycle]

    def _without_plan(self, scope: Scope) -> None:
        """Blocks that no plan uses are read, too, so that their mistakes are told."""
        for block in self.nameless:
            match block.header.statement:
                case nodes.PlanHeader():
                    self._plan(scope, block)
                case nodes.PackHeader():
                    over_time.each(scope, [block], partial(offers.pack, block=block, cycle=terms.DEFAULT_CYCLE))
                case nodes.RegulationHeader():
                    regulations.regulation(scope.amounts, block)
                case _:
                    offers.promotion(scope, block, terms.DEFAULT_CYCLE)
        if not self.plans:
            self._packs(scope, terms.DEFAULT_CYCLE)
        for block in self.promotions.values():
            if not any(name in self.plans for name in _plans_of(block)):
                offers.promotion(scope, block, terms.DEFAULT_CYCLE)
        offered = [*self.packs.values(), *self.promotions.values()]
        if offered and not self.plans and not self.nameless and self.text.sound:
            self.findings.add("R292", self.text.blocks[0].header.span((0, 1)))


def _like_of(block: Block) -> Span:
    """Where a plan says what it is made like."""
    header = block.header.statement
    assert isinstance(header, nodes.PlanHeader)
    return block.header.span(header.like[0].at)


def _plans_of(promotion: Block) -> list[str]:
    header = promotion.header.statement
    assert isinstance(header, nodes.PromotionHeader)
    return [word.text for word in header.plans]
