"""Amounts that nobody knows yet: whole numbers the engine adds, compares and divides as if it knew them.

A `Sum` is linear over atoms; an atom is an input, the lower of an amount and zero, or a quotient by a constant. What cancels is
gone at once, so that a balance that holds for all amounts is zero as written. Each amount has a range, from which is known what
needs no choice and what fits 64 bits. What would let an amount steer when or what comes next raises `SteeringError`.

Where the engine asks `if amount`, an amount nobody knows answers: there may be something of it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, gcd
from typing import cast

from dsl.phrase import phrase

Parts = tuple[tuple[int, int], ...]  # numbers of atoms and how often each counts, never 0, ascending
Rational = tuple[tuple[int, Fraction | int], ...]


class SteeringError(Exception):
    """An amount decides what comes next, so that no one way of computing serves all subscribers."""


@dataclass(frozen=True, slots=True)
class Input:
    """What is used, or held at the start."""

    name: str


@dataclass(frozen=True, slots=True)
class BelowZero:
    """The lower of a sum and zero."""

    parts: Parts
    const: int


@dataclass(frozen=True, slots=True)
class Quotient:
    """A sum divided by a constant, rounded down."""

    parts: Parts
    const: int
    by: int


Atom = Input | BelowZero | Quotient


@dataclass(slots=True, eq=False)
class Memory:
    """What is known of ranges, for tapes that begin alike: the cycles of a plan do, and finding a range takes longest."""

    most_terms: int = 500  # that are looked at to narrow a range; beyond them it stays wider than it could be
    begins: dict[Hashable, int] = field(
        default_factory=dict
    )  # what is together, or a beginning and one atom more, with its most
    bounds: dict[tuple[int, Parts], tuple[int, int]] = field(default_factory=dict)  # by the beginning that has its atoms

    def begin(self, what: Hashable) -> int:
        return self.begins.setdefault(what, len(self.begins))


@dataclass(slots=True, eq=False)
class Tape:
    """The atoms of a trace, each after those it is made of, with what each is at least and at most. `together` are inputs, by
    number, that come to no more than that."""

    memory: Memory = field(default_factory=Memory)
    together: tuple[tuple[frozenset[int], int], ...] = ()
    atoms: list[Atom] = field(default_factory=list)
    ranges: list[tuple[int, int]] = field(default_factory=list)
    _numbers: dict[Atom, int] = field(default_factory=dict)
    _begins: list[int] = field(default_factory=list)  # which beginning the atoms up to each are

    @property
    def beginning(self) -> int:
        """Which atoms it has: of tapes of one memory, equal for equal ones."""
        return self._begins[-1] if self._begins else self.memory.begin(self.together)

    def input(self, name: str, most: int) -> int:
        """An amount from zero to `most`."""
        return self._amount(Input(name), (0, most))

    def amount(self, parts: Iterable[tuple[int, int]], const: int) -> int:
        """A sum, as the engine sees it: a plain number where no atom is left."""
        kept = tuple(sorted((atom, count) for atom, count in parts if count))
        return cast("int", Sum(self, kept, const)) if kept else const

    def below_zero(self, one: Sum) -> int:
        low, high = one.range
        if high <= 0:
            return cast("int", one)
        if low >= 0:
            return 0
        if one.parts[0][1] < 0:  # one way of saying it: the first atom is added
            return cast("int", one) + self.below_zero(-one)
        return self._amount(BelowZero(one.parts, one.const), (low, 0))

    def quotient(self, one: Sum, by: int) -> int:
        """Whole multiples are taken out, then what is common to all."""
        const, rest = divmod(one.const, by)
        done = self.amount([(atom, count // by) for atom, count in one.parts if count % by == 0], const)
        parts = [(atom, count) for atom, count in one.parts if count % by]
        if not parts:
            return done
        common = gcd(by, *(count for _, count in parts))
        over = Sum(self, tuple((atom, count // common) for atom, count in parts), rest // common)
        by //= common
        low, high = over.range
        if low // by == high // by:
            return done + low // by
        if high <= 0:
            up = unknown(by - 1 - over)  # of what is not below zero
            assert up
            return done - self.quotient(up, by)
        return done + self._amount(Quotient(over.parts, over.const, by), (low // by, high // by))

    def bounds(self, parts: Parts) -> tuple[int, int]:
        """What a sum without a constant is at least and at most."""
        key = self._begins[parts[-1][0]], parts
        if key not in self.memory.bounds:
            self.memory.bounds[key] = _least(self, parts), -_least(self, tuple((atom, -count) for atom, count in parts))
        return self.memory.bounds[key]

    def _amount(self, atom: Atom, bounds: tuple[int, int]) -> int:
        number = self._numbers.setdefault(atom, len(self.atoms))
        if number == len(self.atoms):
            self.atoms.append(atom)
            self.ranges.append(bounds)
            self._begins.append(self.memory.begin((self.beginning, atom, bounds[1])))
        return self.amount([(number, 1)], 0)


class Sum:
    """Atoms, each so many times, and a constant. For the engine it passes as a whole number."""

    __slots__ = ("_range", "const", "parts", "tape")

    def __init__(self, tape: Tape, parts: Parts, const: int) -> None:
        self.tape = tape
        self.parts = parts
        self.const = const
        self._range: tuple[int, int] | None = None

    @property
    def range(self) -> tuple[int, int]:
        """What it is at least and at most."""
        if self._range is None:
            low, high = self.tape.bounds(self.parts)
            self._range = low + self.const, high + self.const
        return self._range

    # ---- arithmetic

    def __add__(self, other: Sum | int) -> int:
        if isinstance(other, int):
            return self.tape.amount(self.parts, self.const + other)
        counts = dict(self.parts)
        for atom, count in other.parts:
            counts[atom] = counts.get(atom, 0) + count
        return self.tape.amount(counts.items(), self.const + other.const)

    __radd__ = __add__

    def __neg__(self) -> Sum:
        return Sum(self.tape, tuple((atom, -count) for atom, count in self.parts), -self.const)

    def __sub__(self, other: Sum | int) -> int:
        return self + -other

    def __rsub__(self, other: int) -> int:
        return -self + other

    def __mul__(self, times: int) -> int:
        if not isinstance(times, int):
            raise SteeringError(phrase("two amounts are multiplied"))
        return self.tape.amount([(atom, count * times) for atom, count in self.parts], self.const * times)

    __rmul__ = __mul__

    def __floordiv__(self, by: int) -> int:
        if not isinstance(by, int):
            raise SteeringError(phrase("an amount is divided by another"))
        return self.tape.quotient(self, by) if by > 0 else (-self) // -by

    def __rfloordiv__(self, _: int) -> int:
        raise SteeringError(phrase("a number is divided by an amount"))

    def __mod__(self, by: int) -> int:
        return self - self // by * by

    def __divmod__(self, by: int) -> tuple[int, int]:
        return self // by, self % by

    # ---- questions

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sum) and (self.parts, self.const) == (other.parts, other.const)

    def __hash__(self) -> int:
        return hash((self.parts, self.const))

    def _steer(self, _: object) -> bool:
        raise SteeringError(phrase("an amount decides what comes next"))

    __lt__ = __le__ = __gt__ = __ge__ = _steer

    def __index__(self) -> int:
        raise SteeringError(phrase("an amount decides how often something is done"))


def unknown(amount: object) -> Sum | None:
    """An amount that nobody knows, or None for a plain number."""
    return amount if isinstance(amount, Sum) else None


def lower(one: int, other: int) -> int:
    """The lower of two amounts, of which at least one is a `Sum`."""
    apart = one - other
    term = unknown(apart)
    return other + (term.tape.below_zero(term) if term else min(apart, 0))


def never_above(one: int, other: int) -> bool:
    """Whether one amount is never above another, as far as ranges tell."""
    apart = one - other
    term = unknown(apart)
    return (term.range[1] if term else apart) <= 0


def _least(tape: Tape, parts: Parts) -> int:
    """What a sum without a constant is at least."""
    return ceil(_Narrowing(tape).least(parts))


@dataclass(slots=True)
class _Narrowing:
    """An atom is replaced by what it is made of, the last one first: what it is at most, where it counts against the sum, and
    each of what it may be, where it counts for it. Functions within a function that call each other would be a ring, and leave
    each tape to the collector of garbage."""

    tape: Tape
    known: dict[Rational, Fraction | int] = field(default_factory=dict)
    seen: int = 0

    def least(self, counts: Rational) -> Fraction | int:
        if counts not in self.known:
            self.seen += len(counts)
            self.known[counts] = self._narrowed(counts, _by_ranges(self.tape, counts))
        return self.known[counts]

    def _narrowed(self, counts: Rational, bound: Fraction | int) -> Fraction | int:
        if not counts or self.seen > self.tape.memory.most_terms:
            return bound
        last, count = counts[-1]
        match self.tape.atoms[last]:
            case BelowZero(parts=parts, const=inner):
                found = [self.least(counts[:-1]), self.least(_with(counts[:-1], parts, count)) + inner * count]
                return max(bound, min(found) if count > 0 else max(found))
            case Quotient(parts=parts, const=inner, by=by):
                times = Fraction(count, by)
                inner = inner - by + 1 if count > 0 else inner
                return max(bound, self.least(_with(counts[:-1], parts, times)) + inner * times)
            case _:
                return bound  # inputs come first


def _by_ranges(tape: Tape, counts: Rational) -> Fraction | int:
    """What a sum is at least if each atom is what it may be, for itself, but for what inputs come to together."""
    found = sum(count * tape.ranges[atom][count < 0] for atom, count in counts)
    for inputs, most in tape.together:
        left = most
        for count, atom in sorted((count, atom) for atom, count in counts if count < 0 and atom in inputs):
            high = tape.ranges[atom][1]
            taken = min(high, left)
            left -= taken
            found -= count * (high - taken)
    return found


def _with(counts: Rational, parts: Parts, times: Fraction | int) -> Rational:
    found = dict(counts)
    for atom, count in parts:
        found[atom] = found.get(atom, 0) + count * times
    return tuple(sorted((atom, count) for atom, count in found.items() if count))
