"""What rules are read against, and which services words name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dsl import nodes, units
from dsl.amounts import Amounts
from dsl.diagnostics import Findings, closest, naming, replacing, suggestion
from dsl.nodes import Line
from dsl.phrase import phrase
from dsl.plan import Lasts, Period

NEXT_CYCLE = Lasts(1, Period.CYCLE)
MOST_CYCLES = 1_200


class Names(NamedTuple):
    """What a file offers, by name; groups have their plans or packs from small to big."""

    plans: tuple[str, ...]
    packs: tuple[str, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def group_of(self, plan: str) -> tuple[str, ...]:
        """The first group a plan is in, or none."""
        return next((members for _, members in self.groups if plan in members), ())


NOTHING_OFFERED = Names((), ())


@dataclass(frozen=True, slots=True)
class Context:
    """What the clauses of one plan, pack or promotion are read against.

    `cycle_words` is empty where `month` means a cycle, else what the cycles are; `dated` where `month` means a date (a pack
    that is bought once has no cycle of its own). `allowances` are whole-cycle grants by service, zero for what is granted at
    other times only; `rates` by service pair.
    """

    amounts: Amounts
    rates: Mapping[tuple[str, str], tuple[int, int]]
    allowances: Mapping[str, int]
    cycle_words: str
    dated: bool = False
    rates_known: bool = True  # false where a line that may be a rate could not be read
    grants_known: bool = True
    sound: bool = True  # false where a line of the block could not be read
    currency: str = ""  # what `money` means
    names: Names = NOTHING_OFFERED
    group: tuple[str, ...] = ()  # that the plan is in


def service_of(amounts: Amounts, word: str, currency: str = "") -> str | None:
    """The service a word names: `data`, `minutes`, `GB`, `EUR`; `money` is the plan's currency."""
    if word.lower() == units.MONEY_WORD:
        return currency or None
    named = units.SERVICE_WORDS.get(word.lower())
    if named is None and (unit := amounts.unit(word)):
        named = unit.service
    return named


def named_service(amounts: Amounts, line: Line, word: nodes.Word, currency: str = "") -> str | None:
    """The service a word names; None, and reported, where it names none."""
    service = service_of(amounts, word.text, currency)
    if service is None:
        names = ("data", "minutes", "sms", "voice", "messages", "bonus", "carried", "allowance", "add-on", "gift")
        known, span = (*names, *amounts.declared.units), line.span(word.at)
        help_ = suggestion(word.text, known, phrase("services are data, minutes, sms, and money by its code such as EUR"))
        fix = replacing(span, closest(word.text, known))
        if f'"{word.text}"' in amounts.declared.uses:
            help_ = phrase('write `"{word}"`: what a use is called stands in quotes', word=word.text)
            fix = replacing(span, f'"{word.text}"')
        amounts.findings.add("R102", span, fix=fix, service=word.text, meant=help_)
    return service


def is_service(amounts: Amounts, line: Line, word: nodes.Word, service: str) -> bool:
    """Whether a word names `service`; reported, where it does not."""
    named = named_service(amounts, line, word, service)
    if named not in (service, None):
        amounts.findings.add("R109", line.span(word.at), unit=word.text, service=named, wanted=service)
    return named == service


def is_pack(findings: Findings, line: Line, name: nodes.Word, packs: Collection[str]) -> bool:
    """Whether there is a pack of that name; reported, where there is none."""
    if name.text in packs:
        return True
    help_ = suggestion(name.text, packs, phrase('add a block such as pack "{name}"', name=name.text))
    span = line.span(name.at)
    findings.add("R107", span, fix=naming(span, name.text, packs), name=name.text, meant=help_)
    return False


def is_plan(findings: Findings, line: Line, name: nodes.Word, plans: Collection[str]) -> bool:
    """Whether there is a plan of that name; reported, where there is none."""
    if name.text in plans:
        return True
    help_ = suggestion(name.text, plans, phrase("write the name of a plan of this file"))
    span = line.span(name.at)
    findings.add("R105", span, fix=naming(span, name.text, plans), name=name.text, meant=help_)
    return False


def misplaced(context: Context, line: Line, mark: nodes.Mark, item: str, instead: str) -> None:
    context.amounts.findings.add("R212", line.span(mark.at), item=item, instead=instead)
