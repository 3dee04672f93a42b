"""Very many lines at once come to what the reference engine says of each, figure by figure."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from dsl.check import check
from dsl.plan import Plan
from dsl.scenario import CycleSteps, Scenario, Use
from dsl.source import NOWHERE, Source
from engine.batch.batch import Batch
from engine.batch.course import Piece
from engine.batch.even import is_even
from engine.batch.lines import Array, Form, Lines, Settled, columns_of
from engine.batch.program import Evaluated, Program, evaluate, needed, program
from engine.batch.rows import Rows
from engine.batch.terms import Atom, BelowZero, Quotient
from engine.batch.trace import MOST, NotTracedError, trace
from engine.run import run
from engine.statement import COLUMNS
from tests.by_parts import RowsByParts

numpy = pytest.importorskip("numpy")
EXAMPLES = sorted(Path("examples").rglob("*.plan"))
GB = 10**9
START = datetime(2026, 1, 31)
W1 = """rate 1 GB = 30 minutes
plan "W1" postpaid
  every month grant 20 GB data
  use carried data first
  unused data: carry 1 month, cap 10 GB, convert the rest to minutes, cap 200 minutes
"""
SHORT = W1.replace("  use carried", "  every month grant 5 GB bonus data for 10 days\n  use bonus, then carried")
W2 = W1.replace("carry 1 month, cap 10 GB", "carry 3 months, cap 40 GB, newest goes first")


def plan_of(text: str, name: str = "") -> Plan:
    plans = check(Source("a.plan", text)).plans
    return next(plan for plan in plans if name in ("", plan.name))


def lines_of(histories: Sequence[Sequence[Mapping[str, int]]], start: datetime = START, first: int = 1) -> Lines:
    """Histories, each the use of each cycle by service, as columns."""
    services, cycles = list(histories[0][0]), len(histories[0])
    uses = {
        service: numpy.array([[history[cycle][service] for history in histories] for cycle in range(cycles)])
        for service in services
    }
    many = len(histories)
    return Lines((start,), numpy.zeros(many, numpy.int64), numpy.full(many, first, numpy.int64), numpy.full(many, cycles), uses)


def batch_of(plan: Plan, uses: Sequence[str], form: Form = Form.NUMPY) -> Batch:
    return Batch(plan, columns_of(plan, uses), form)


def some_histories(plan: Plan, count: int, cycles: int, seed: int) -> list[list[dict[str, int]]]:
    draw = random.Random(seed)

    def use(service: str) -> int:
        most = plan.allowance(service)
        return draw.choice([0, most, draw.randint(0, most + 9), draw.randint(0, 2 * most + 9), draw.randint(0, 5 * most + 9)])

    services = [service for service in plan.services if service.islower()]
    return [[{service: use(service) for service in services} for _ in range(cycles)] for _ in range(count)]


def held(pieces: Mapping[Piece, int]) -> dict[Piece, int]:
    """Of pieces that differ in nothing but which came first, the empty ones do not count."""
    seen: Counter[Piece] = Counter()
    found = {}
    for piece, amount in pieces.items():
        if amount:
            alike = replace(piece, copy=0)
            found[replace(piece, copy=seen[alike])] = amount
            seen[alike] += 1
    return found


# ---- figures by hand


def test_a_year_of_three_lines() -> None:
    used = ((6, 25), (0, 0), (40, 20))
    lines = lines_of([[{"data": first * GB}, {"data": second * GB}] for first, second in used])
    found = batch_of(plan_of(W1), ["data"]).settle(lines)
    assert found.columns["data_carried_out"].tolist() == [[10 * GB, 10 * GB, 0], [5 * GB, 10 * GB, 0]]
    assert found.columns["voice_converted_in"].tolist() == [[120 * 60, 200 * 60, 0], [0, 200 * 60, 0]]
    assert found.columns["data_overage"].tolist() == [[0, 0, 20 * GB], [0, 0, 0]]
    told = {(key.service, key.reason): amount for key, amount in found.moved.items()}
    assert told["data", "was left over by the conversion"] == 3_333_333_333 + 13_333_333_333
    assert found.by_rows == Counter()


# ---- every plan there is


@cache
def plans_of(path: Path) -> tuple[Plan, ...]:
    return check(Source(path.name, path.read_text())).plans


def _plans() -> list[Plan]:
    return [plan for path in EXAMPLES for plan in plans_of(path)]


HISTORIES = 14


def cycles_of(number: int) -> int:
    """A year and more of the first plan of a file, half a year of those that are like it."""
    return 6 if number else 14


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_columns_are_what_the_engine_says_of_each_line(path: Path) -> None:
    for number, plan in enumerate(plans_of(path)):
        histories = some_histories(plan, HISTORIES, cycles_of(number), seed=7)
        lines = lines_of(histories, datetime(2026, 5, 17))
        found = batch_of(plan, list(lines.uses)).settle(lines)
        assert_same(found, plan, histories, datetime(2026, 5, 17), by_days=1 if not found.by_rows else HISTORIES)


def test_that_is_twenty_thousand_random_cycles() -> None:
    assert sum(HISTORIES * cycles_of(number) for path in EXAMPLES for number, _ in enumerate(plans_of(path))) >= 20_000


def assert_same(
    found: Settled, plan: Plan, histories: list[list[dict[str, int]]], start: datetime, *, by_days: int | None = None
) -> None:
    """The first lines use day by day, as histories say it, the others in fewer parts."""
    daily, by_parts = Rows(plan, start), RowsByParts(plan, start)
    moved: Counter[tuple[str, str]] = Counter()
    for line, history in enumerate(histories):
        rows = daily if by_days is None or line < by_days else by_parts
        closed = rows.settle(history)
        for cycle, one in enumerate(closed):
            told = {f"{service}_{name}": getattr(row, name) for service, row in one.sums.services.items() for name in COLUMNS}
            told |= {f"{currency}_charged": amount for currency, amount in one.sums.charged.items()}
            told |= {f"{currency}_due": amount for currency, amount in one.sums.due.items()}
            assert {name for name, amount in told.items() if amount} <= found.columns.keys()
            for name, column in found.columns.items():
                assert column[cycle, line] == told.get(name, 0), (plan.name, cycle + 1, name)
            for posting in one.postings:
                moved[posting.service, str(posting.reason).replace("above the cap of", "left over by")] += posting.amount
        assert held({piece: int(amounts[line]) for piece, amounts in found.closing.items()}) == held(dict(closed[-1].held))
    told_moved: Counter[tuple[str, str]] = Counter()
    for key, amount in found.moved.items():
        told_moved[key.service, key.reason] += amount
    assert told_moved == +moved


def test_nearly_every_plan_is_traced() -> None:
    reasons = Counter()
    for plan in _plans():
        try:
            program(trace(plan, START, [service for service in plan.services if service.islower()], 3))
        except NotTracedError as error:
            reasons[error.reason] += 1
    assert reasons == {"one unit pays for several services, in the order of use": 1, "it depends on an amount": 1}


# ---- month by month


@pytest.mark.parametrize("text", [W1, W2, Path("examples/flex.plan").read_text()], ids=["W1", "W2", "flex"])
def test_closing_lots_open_the_next_month(text: str) -> None:
    plan = plan_of(text)
    histories = some_histories(plan, 30, 12, seed=3)
    at_once = batch_of(plan, list(histories[0][0])).settle(lines_of(histories))
    batch = batch_of(plan, list(histories[0][0]))
    opening: list[tuple[Piece, object]] = []
    for cycle in range(12):
        month = lines_of([[history[cycle]] for history in histories], first=cycle + 1)
        found = batch.settle(replace(month, opening=opening))
        opening = found.held
        for name, column in at_once.columns.items():
            assert found.columns[name][0].tolist() == column[cycle].tolist(), (cycle, name)
    last = {piece: amounts.tolist() for piece, amounts in opening if amounts.any()}
    assert last == {piece: amounts.tolist() for piece, amounts in at_once.closing.items()}


def test_lines_of_an_even_plan_need_one_step() -> None:
    batch = batch_of(plan_of(W2), ["data"])
    batch.settle(lines_of([[{"data": 0}] * 12]))
    [made] = batch.alike.programs.values()
    assert len(made.steps) == 1  # type: ignore[union-attr]
    assert made.goes_on  # type: ignore[union-attr]


CARRIES = {
    "W2": W2,
    "cap of two lots": W2.replace("carry 3 months, cap 40 GB", "carry 6 months, cap 30 GB"),
    "a year": W2.replace("carry 3 months, cap 40 GB, newest goes first", "carry 12 months, cap 100 GB"),
}


@pytest.mark.parametrize("text", CARRIES.values(), ids=CARRIES)
def test_lines_that_hold_what_cycles_leave_run_a_shorter_program(text: str) -> None:
    """A cap takes from old lots only where a line comes with more than the plan ever leaves."""
    plan = plan_of(text)
    batch = batch_of(plan, ["data"])
    histories = some_histories(plan, 40, 2, seed=6)
    pieces = batch.settle(lines_of([[{"data": 0}] * 30])).held
    draw = random.Random(4)
    within = [(piece, numpy.array([draw.randint(0, int(most[0])) // len(pieces) for _ in histories])) for piece, most in pieces]
    above = [(piece, amounts + numpy.array([draw.randint(0, 60 * GB) for _ in histories])) for piece, amounts in within]
    ran = [len(made.steps[0].tape.atoms) for made in _run_by(batch, histories, (within, above))]
    assert ran[0] < ran[1]


def _run_by(
    batch: Batch, histories: list[list[dict[str, int]]], openings: Iterable[list[tuple[Piece, Array]]]
) -> Iterator[Program]:
    """The one program that lines run by which open with that, and come to what they do alone."""
    for opening in openings:
        lines = replace(lines_of(histories, first=41), opening=opening)
        found = batch.settle(lines)
        [(made, _)] = batch.alike.by_program(lines)
        assert isinstance(made, Program)
        yield made
        rows = Rows(batch.plan, START)
        for line, history in enumerate(histories):
            closed = rows.settle(history, first=41, opening=[(piece, int(amounts[line])) for piece, amounts in opening])
            for name in COLUMNS:
                told = [getattr(cycle.sums.services["data"], name) for cycle in closed]
                assert found.columns[f"data_{name}"][:, line].tolist() == told, (line, name)
            assert {piece: amounts[line] for piece, amounts in found.closing.items() if amounts[line]} == {
                piece: amount for piece, amount in closed[-1].held if amount
            }


def test_a_carry_of_many_cycles_is_steady_though_a_cap_leaves_few_lots() -> None:
    batch = batch_of(plan_of(CARRIES["a year"]), ["data"])
    batch.settle(lines_of([[{"data": 0}] * 12]))
    [made] = batch.alike.programs.values()
    assert isinstance(made, Program)
    assert made.goes_on
    assert len({piece for piece in made.opening if piece.service == "data"}) == 12


@pytest.mark.parametrize("text", [W2, Path("examples/flex.plan").read_text()], ids=["even", "not even"])
def test_lines_with_fewer_cycles(text: str) -> None:
    plan = plan_of(text)
    histories = some_histories(plan, 6, 12, seed=8)
    shorter = [history[:cycles] for history, cycles in zip(histories, (12, 12, 5, 2, 2, 1), strict=True)]
    lines = replace(lines_of(histories), cycles=numpy.array([len(history) for history in shorter]))
    assert_same(batch_of(plan, list(lines.uses)).settle(lines), plan, shorter, START)


def test_lines_that_began_at_other_times() -> None:
    plan = plan_of(Path("examples/flex.plan").read_text())
    assert not is_even(plan)  # a promotion has dates
    histories = some_histories(plan, 3, 10, seed=5)
    starts = (datetime(2026, 1, 31), datetime(2026, 4, 1))
    lines = replace(lines_of(histories), starts=starts, start_of=numpy.array([0, 1, 0]))
    found = batch_of(plan, list(lines.uses)).settle(lines)
    for line, start in enumerate((starts[0], starts[1], starts[0])):
        for cycle, one in enumerate(Rows(plan, start).settle(histories[line])):
            for name in COLUMNS:
                assert found.columns[f"data_{name}"][cycle, line] == getattr(one.sums.services["data"], name)


# ---- what does not fit


def test_what_is_too_large_runs_alone() -> None:
    lines = lines_of([[{"data": 6 * GB}], [{"data": MOST + 1}]])
    found = batch_of(plan_of(W1), ["data"]).settle(lines)
    assert found.columns["data_overage"].tolist() == [[0, MOST + 1 - 20 * GB]]
    assert {(why.reason, why.line): lines for why, lines in found.by_rows.items()} == {
        ("more than 17 TB in a cycle or a lot", 0): 1
    }


def test_a_rule_that_amounts_steer_is_named() -> None:
    text = W1.replace("unused data: carry", "unused data if used at least 5 GB: carry")
    plan = plan_of(text)
    histories = some_histories(plan, 5, 4, seed=1)
    lines = lines_of(histories)
    found = batch_of(plan, ["data"]).settle(lines)
    assert [(why.reason, why.line, many) for why, many in found.by_rows.items()] == [("it depends on an amount", 5, 5)]
    assert_same(found, plan, histories, START)


# ---- the forms


def test_numba_computes_what_numpy_does() -> None:
    pytest.importorskip("numba")
    for plan in (plan_of(W2), plan_of(SHORT)):
        histories = some_histories(plan, 2_500, 6, seed=9)
        lines = lines_of(histories)
        one, other = (batch_of(plan, list(lines.uses), form).settle(lines) for form in (Form.NUMPY, Form.NUMBA))
        for name, column in one.columns.items():
            assert (column == other.columns[name]).all()
        assert one.moved == other.moved
        assert {piece: amounts.tolist() for piece, amounts in one.closing.items()} == {
            piece: amounts.tolist() for piece, amounts in other.closing.items()
        }


def test_each_operation_of_a_step_matters() -> None:
    """Breaks the program one operation at a time: some line out of a few tells."""
    made = program(trace(plan_of(W1), START, ["data"], 4))
    used = ((6, 25, 20, 31), (0, 0, 0, 0), (20, 10, 30, 15), (1, 39, 5, 12), (18, 2, 14, 50))
    histories = [[{"data": use * GB + odd} for use in uses] for uses in used for odd in (0, 1, 333_333_333)]

    def outcome() -> list[Evaluated]:
        return [evaluate(made, history, [0] * len(made.opening)) for history in histories]

    right, broken = outcome(), 0
    for step in made.steps:
        wanted = [*step.figures.values(), *(amount for _, amount in step.closing)]
        for number in needed(step, wanted):
            atom = step.tape.atoms[number]
            for wrong in _mutants(atom):
                broken += 1
                step.tape.atoms[number] = wrong
                assert outcome() != right, (atom, wrong)
            step.tape.atoms[number] = atom
    assert broken > 20
    assert outcome() == right


def _mutants(atom: Atom) -> list[Atom]:
    match atom:
        case BelowZero(parts=[first, *rest], const=const):
            more = (first[0], first[1] * 2)
            return [replace(atom, const=const + GB), replace(atom, parts=(more, *rest)), replace(atom, parts=tuple(rest))]
        case Quotient(by=by):
            return [replace(atom, by=by + 1), replace(atom, by=2 * by), replace(atom, const=atom.const + by)]
        case _:
            return []


def test_compiled_code_is_kept_and_a_damaged_one_is_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    from tui.settle.kept import file_of

    monkeypatch.setenv("ROLLOVER_CACHE", str(tmp_path))
    plan, lines = plan_of(W1), lines_of([[{"data": 6 * GB}]])
    for damage in (False, False, True):
        for path in [*tmp_path.rglob("*.nbi"), *tmp_path.rglob("*.nbc")] if damage else ():
            path.write_bytes(b"\x80\x04 no code")
        found = Batch(plan, columns_of(plan, ["data"]), Form.NUMBA, kept=file_of).settle(lines)
        assert found.columns["data_carried_out"].tolist() == [[10 * GB]]
        assert len([*tmp_path.rglob("*.nbc")]) == 1


@pytest.mark.parametrize("form", [Form.NUMPY, Form.NUMBA])
def test_what_a_rule_did_in_all_is_exact_though_it_passes_64_bits(form: Form) -> None:
    if form is Form.NUMBA:
        pytest.importorskip("numba")
    plan = plan_of('plan "A"\n  every month grant 17 TB data\n  unused data: carry 12 months\n')
    many, allowance = 600_000, 17 * 1000 * GB
    assert many * allowance > 1 << 63
    lines = Lines(
        (START,), numpy.zeros(many, numpy.int64), numpy.ones(many, numpy.int64), numpy.ones(many, numpy.int64),
        {"data": numpy.zeros((1, many), numpy.int64)},
    )  # fmt: skip
    moved = {
        (key.span.line, str(key.reason)): amount for key, amount in batch_of(plan, ["data"], form).settle(lines).moved.items()
    }
    assert moved[3, "carried"] == many * allowance


def test_a_line_alone_tells_what_it_holds_of_a_service_of_which_nothing_moves() -> None:
    fills = "  every month fill sms up to 9 sms\n  unused sms: carry 3 months\n  use carried sms first\n"
    plan = plan_of(f'plan "A" postpaid\n  every month grant 5 GB data\n{fills}')
    closed = Rows(plan, START).settle([{"data": 0}] * 3)
    assert [cycle.sums.services["sms"].carried_in for cycle in closed] == [0, 9, 9]


def test_where_one_unit_pays_for_several_services_the_order_of_columns_does_not_matter() -> None:
    """400 MB and 300 minutes want more than there is: on the day it runs out, the service that comes first has it."""
    plan = plan_of(Path("examples/operators/in-vodafone-flex.plan").read_text())
    used = {"voice": 300 * 60, "sms": 40, "data": 400 * 10**6}
    cycle = CycleSteps(tuple(Use(service, amount, in_all=True) for service, amount in used.items()), ())
    told = run(plan, Scenario("", plan.name, START, (cycle,), (), NOWHERE)).statement.cycles[0].services
    for order in (used, dict(sorted(used.items()))):
        [closed] = Rows(plan, START).settle([order])
        assert {service: closed.sums.services[service].overage for service in used} == {
            service: told[service].overage for service in used
        }
