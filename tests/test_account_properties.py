"""What holds for every account, whatever its plans say and whatever is done to its lines (accounts.py writes both as one text).

- Nothing is lost or made, in each line by cycle and service and over the account.
- No lot is overdrawn, is there past its end, or lives longer than the words that made it say.
- What is refused moves nothing, and a posting says why; no request is passed over in silence.
- An account stopped at any instant, pickled and gone on with comes to the same postings.
- Records may be told in any order, that of time counts. Uses of one instant may be told in any order, too, and so may steps of
  lines that have nothing to do with each other then: every posting stays. Steps of one line that are no use are done as they
  were told, since one may be what allows the other; a gift is a step of both its lines, and joining, leaving and what moves a
  clock, which members without a plan have from the owner, of all.
- A record that comes late is as if it had been there from the start. The difference leads from the one run to the other,
  posting by posting and figure by figure, and changes nothing before its time; but use that is told of a whole cycle is spread
  over the days of that, and what moves the clock changes those.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts import Account, accounts
from histories import assert_split_is_whole
from hypothesis import event, given
from hypothesis import strategies as st
from reading import assert_in_balance
from strategies import examples

from dsl.scenario import (
    Borrow,
    Buy,
    ChangeTo,
    Dated,
    DoNotRenew,
    Exchange,
    GiveAway,
    Leave,
    Remove,
    Renew,
    Scenario,
    Start,
    Use,
)
from engine.account import Account as Line
from engine.difference import CHARGED, Moved, difference
from engine.history import Event, events
from engine.ledger import Lot, Posting, Reason, Sink
from engine.lines import Lines
from engine.run import Run, run
from engine.statement import COLUMNS, charges


def outcome(account: Account, scenario: Scenario | None = None) -> dict[str, Run]:
    """The run of each line, by name; "" is the owner's."""
    found = run(account.plans[0], scenario or account.scenario, account.plans)
    return {"": found, **dict(found.others)}


# ---- amounts --------------------------------------------------------------------------------------------------------


@examples(60)
@given(accounts())
def test_nothing_is_lost_or_made(account: Account) -> None:
    """What lines give is what they receive; and a line's balance, from cycle to cycle, is the sum of its postings."""
    lines = outcome(account)
    assert_in_balance(lines[""])
    for found in lines.values():
        held: Counter[str] = Counter()
        for cycle in found.statement.cycles:
            postings = [posting for posting in found.postings if posting.cycle == cycle.number]
            for service, figures in cycle.services.items():
                of_service = [posting for posting in postings if posting.service == service]
                assert figures.carried_in == held[service]
                held[service] += sum(posting.amount * _lots_more(posting) for posting in of_service)
                assert figures.carried_out == held[service] >= 0
                assert figures.imbalance == figures.remaining == 0
                gone = {Sink.EXPIRED: figures.expired, Sink.ANOTHER_LINE: figures.given, Sink.EXCHANGE: figures.converted_out}
                for sink, amount in {Sink.USED: figures.used, **gone}.items():
                    uncounted = [one for one in of_service if one.target is sink and one.source is not Sink.COUNTING]
                    assert amount == sum(one.amount for one in uncounted)
            for currency, amount in cycle.charged.items():
                assert amount == sum(charges(posting) for posting in postings if posting.service == currency)


def _lots_more(posting: Posting) -> int:
    """Whether a posting puts something in lots, 1, takes it from them, -1, or neither, 0."""
    return isinstance(posting.source, Sink) - isinstance(posting.target, Sink)


# ---- lots, and what is refused, step by step ------------------------------------------------------------------------

Clock = Renew | ChangeTo | DoNotRenew | Leave
REQUESTS = (Buy, Borrow, Exchange, GiveAway, Remove)
WHY = {
    Reason.PAST_LIMIT, Reason.UNMET, Reason.TOO_LITTLE_THERE, Reason.TOO_LITTLE, Reason.NO_RULE, Reason.NOT_FAMILY, Reason.LEFT,
}  # fmt: skip
# How often each kind of step must at least be done, and each reason to refuse one be met, in all examples together.
DONE = {
    "Use": 1000, "Buy": 50, "Borrow": 12, "Exchange": 12, "GiveAway": 25, "Remove": 10, "Add": 25, "TopUp": 25, "SetState": 45,
    "Renew": 20, "ChangeTo": 20, "DoNotRenew": 5, "Leave": 4, "Start": 600, "Void": 8, "Cancel": 8,
}  # fmt: skip
REFUSED = dict.fromkeys((Reason.PAST_LIMIT, Reason.TOO_LITTLE_THERE, Reason.NO_RULE, Reason.NOT_FAMILY), 4)
MOVED = dict.fromkeys(
    (Reason.SHARED, Reason.GIVEN, Reason.CARRIED, Reason.SOLD, Reason.FROZEN, Reason.REFUNDED, Reason.PROMOTED), 5
)


def test_a_refused_step_moves_nothing_and_no_lot_outlives_its_rule() -> None:
    """Also that the generated accounts are worth it: each kind of step is done, and refused, often enough."""
    seen: Counter[str] = Counter()

    @examples(200)
    @given(accounts())
    def look(account: Account) -> None:
        lines, left = None, set[str]()
        for lines, one, before in _step_by_step(account):
            _assert_lots_are_alive(lines)
            new = {name: line.ledger.postings[len(before.get(name, ([], []))[0]) :] for name, line in lines.accounts.items()}
            refused = [posting for posting in new[one.line] if posting.target is Sink.REFUSED]
            seen.update(posting.reason for postings in new.values() for posting in postings)
            if refused:
                assert refused == [posting for postings in new.values() for posting in postings]
                assert {posting.reason for posting in refused} <= WHY
                assert all(posting.source is Sink.ASKED and posting.amount > 0 for posting in refused)
                assert {name: lots for name, (_, lots) in before.items()} == _lots(lines)
            for name in left:
                assert not any(isinstance(moved.source, Sink) and not isinstance(moved.target, Sink) for moved in new[name])
            left = {name for name, line in lines.accounts.items() if line.ended}
            if not refused and isinstance(one.act, REQUESTS):
                empty = isinstance(one.act, Remove) and one.act.to_zero
                assert any(new.values()) or empty, f"nothing is said of {one.act}"
            seen[type(one.act).__name__] += not refused
        for name, line in lines.accounts.items() if lines else ():
            _assert_ends_are_as_said(account, name, line)

    look()
    rare = {name: (seen[name], least) for name, least in {**DONE, **REFUSED, **MOVED}.items() if seen[name] < least}
    assert not rare


Before = dict[str, tuple[list[Posting], list[tuple[int, int, bool]]]]


def _step_by_step(account: Account) -> Iterator[tuple[Lines, Event, Before]]:
    """The lines after each event of an account, and the postings and lots there were just before it."""
    plans = {plan.name: plan for plan in account.plans}
    history, _ = events(account.scenario, outcome(account)[""].calendar)
    lines = Lines(Line(account.plans[0], account.scenario.start, (), plans), plans)
    for one in history:
        lines.advance(one.at - (one.rank < 0))
        lots = _lots(lines)
        before = {name: (list(line.ledger.postings), lots[name]) for name, line in lines.accounts.items()}
        lines.apply(one.at, one.line, one.act)
        yield lines, one, before


def _lots(lines: Lines) -> dict[str, list[tuple[int, int, bool]]]:
    return {name: [(lot.amount, lot.end, lot.frozen) for lot in line.ledger.lots] for name, line in lines.accounts.items()}


def _assert_lots_are_alive(lines: Lines) -> None:
    for line in lines.accounts.values():
        held: Counter[int] = Counter()
        for posting in line.ledger.postings:
            for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
                if not isinstance(place, Sink):
                    held[place] += amount
            assert posting.source not in held or held[posting.source] >= 0, "more was taken than was there"
            if posting.target is Sink.USED and not isinstance(posting.source, Sink):
                assert posting.at < line.ledger.lots[posting.source].end_as_of(posting.at), "used past its end"
        for lot in line.ledger.lots:
            assert lot.amount == held[lot.number]
            assert not lot.amount or lot.end > line.ledger.at, "there past its end"


MADE_BY_WORDS = {
    Reason.GRANTED, Reason.GRANTED_ONCE, Reason.BOUGHT, Reason.TOPPED_UP, Reason.ADDED, Reason.PROMOTED, Reason.CARRIED,
    Reason.CONVERTED, Reason.SOLD, Reason.BORROWED, Reason.GIVEN,
}  # fmt: skip


def _assert_ends_are_as_said(account: Account, name: str, line: Line) -> None:
    """No lot ends later than the words say that made it: read from the text, reckoned without the calendar of the engine. What
    is said in cycles is looked at where nobody moves the clock of the line. What is given may keep the end of another lot, and
    what multiplies an allowance has its life."""
    text, zone = account.text.split("\n"), ZoneInfo(line.plan.zone)
    calm = not any(isinstance(dated.act, Clock) and dated.line in (name, "") for dated in account.scenario.dated)
    ends = [line.calendar.boundary(number) for number in range(line.cycle + 4)]
    made = {posting.target: posting for posting in reversed(line.ledger.postings) if not isinstance(posting.target, Sink)}
    for posting in made.values():
        assert not isinstance(posting.target, Sink)
        lot = line.ledger.lots[posting.target]
        words = text[lot.span.line - 1][lot.span.start : lot.span.end]
        of_another = words in ("give", "give to the later end", "give to family") or words.startswith("promotion")
        if posting.reason in MADE_BY_WORDS and not of_another:
            most = _latest_end(words, lot, posting, zone, ends if calm else None)
            assert most is None or lot.ends or lot.end <= most, f"{words}: ends at {lot.end}, not {most}"


def _latest_end(words: str, lot: Lot, posting: Posting, zone: ZoneInfo, cycles: list[int] | None) -> int | None:
    """When a lot is over at the latest that was made so; None where that can't be known."""
    local = datetime.fromtimestamp(posting.at, UTC).astimezone(zone).replace(tzinfo=None)
    if lot.waiting:
        return None
    if days := re.search(r"(\d+) days", words):
        return int((local + timedelta(days=int(days[1]))).replace(tzinfo=zone).timestamp())
    if "to midnight" in words:
        return int(datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), zone).timestamp()) + 3600
    if cycles is None:
        return None
    said = re.search(r"(?:carry|for) (\d+) cycles?", words)
    count = int(said[1]) if said else 2 if "next cycle" in words or words.startswith("convert") else 1
    return [end for end in cycles if end > posting.at][count - 1]


# ---- time and order -------------------------------------------------------------------------------------------------


@examples(60)
@given(st.data(), accounts())
def test_an_account_split_at_any_instant_is_the_whole(data: st.DataObject, account: Account) -> None:
    assert_split_is_whole(data, account.plans[0], account.scenario, account.plans)


@examples(60)
@given(st.data(), accounts())
def test_the_order_in_which_simultaneous_records_are_told_changes_nothing(data: st.DataObject, account: Account) -> None:
    strands = _strands(account.scenario.dated)
    dated = tuple(one for place in data.draw(st.permutations(range(len(strands)))) for one in strands[place])
    event(f"{len(dated) - len({one.at for one in dated})} at the time of another")
    told, other = outcome(account), outcome(account, replace(account.scenario, dated=dated))
    assert {name: found.postings for name, found in other.items()} == {name: found.postings for name, found in told.items()}
    assert {name: found.statement for name, found in other.items()} == {name: found.statement for name, found in told.items()}


def _strands(dated: tuple[Dated, ...]) -> list[list[Dated]]:
    """What must stay in its order, each in a list: at one instant, steps but uses of lines that have to do with each other."""
    strands: list[tuple[set[str], list[Dated]]] = []
    for one in dated:
        act, lines = one.act, {one.line}
        if isinstance(act, GiveAway):
            lines.add(act.to)
        if isinstance(act, Start | Clock):
            lines |= {"", "Kid", "Student", "Friend"}
        with_it = [
            strand for strand in strands
            if not isinstance(act, Use) and strand[0] & lines and strand[1][0].at == one.at
        ]  # fmt: skip
        strands = [strand for strand in strands if strand not in with_it]
        together = [earlier for _, found in with_it for earlier in found]
        of_all = lines.union(*(found for found, _ in with_it)) if not isinstance(act, Use) else set[str]()
        strands.append((of_all, [*sorted(together, key=dated.index), one]))
    return [found for _, found in strands]


# ---- late records ---------------------------------------------------------------------------------------------------


@examples(60)
@given(st.data(), accounts())
def test_a_late_record_is_as_if_it_had_been_there(data: st.DataObject, account: Account) -> None:
    dated = account.scenario.dated
    place = data.draw(st.sampled_from([place for place, one in enumerate(dated) if not isinstance(one.act, Start)]))
    late = dated[place]
    before = outcome(account, replace(account.scenario, dated=dated[:place] + dated[place + 1 :]))
    after = outcome(account)
    found = difference(before[""], after[""])
    told = _moved(before)
    told.subtract(_summed(found.gone))
    told.update(_summed(found.new))
    assert {key: amount for key, amount in told.items() if amount} == _moved(after)
    told = _figures(before) | {(one.line, one.cycle, one.service, one.figure): one.after for one in found.figures}
    assert {key: amount for key, amount in told.items() if amount} == _figures(after)
    event(f"{type(late.act).__name__} changes {'something' if found.new or found.gone else 'nothing'}")
    at = after[""].calendar.instant(late.at)
    for name, line in after.items() if not (account.scenario.cycles and isinstance(late.act, Clock)) else ():
        until = min(
            at, before[name].statement.cycles[-1].end
        )  # where what is late is the last of all, the run before ends sooner
        assert [one for one in line.postings if one.at < until] == [one for one in before[name].postings if one.at < until]


def _moved(lines: dict[str, Run]) -> Counter[tuple[object, ...]]:
    """What moves when from which kind of place to which, and why; lots are told apart by their class."""
    found: Counter[tuple[object, ...]] = Counter()
    for name, line in lines.items():
        for one in line.postings:
            source, target = (
                place if isinstance(place, Sink) else line.lots[place].lot_class for place in (one.source, one.target)
            )
            found[one.at, name, one.cycle, one.service, source, target, one.reason, one.span] += one.amount
    return found


def _summed(movements: tuple[Moved, ...]) -> Counter[tuple[object, ...]]:
    """Movements of a difference, told as `_moved` does."""
    found: Counter[tuple[object, ...]] = Counter()
    for one in movements:
        source, target = (place if isinstance(place, Sink) else place.lot_class for place in (one.source, one.target))
        found[one.at, one.line, one.cycle, one.service, source, target, one.reason, one.span] += one.amount
    return found


def _figures(lines: dict[str, Run]) -> dict[tuple[str, int, str, str], int]:
    """All that statements say, by line, cycle, service and figure, but zeros."""
    found: dict[tuple[str, int, str, str], int] = {}
    for name, line in lines.items():
        for cycle in line.statement.cycles:
            for service, figures in cycle.services.items():
                found |= {(name, cycle.number, service, column): getattr(figures, column) for column in COLUMNS}
            found |= {(name, cycle.number, currency, CHARGED): amount for currency, amount in cycle.charged.items()}
    return {key: amount for key, amount in found.items() if amount}
