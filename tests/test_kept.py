"""What a check keeps of the one before, so that a key press reads one block anew: it may never be seen in what comes out."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from shipped import PLANS, source

from dsl.check import check
from dsl.lints import lint
from dsl.read_blocks import forget
from dsl.source import Source
from tui import remarks

EDITS = 4


def edited(text: str, seed: str) -> Iterator[str]:
    """A text with a line gone, written twice, moved, or with another number, as they come while somebody types."""
    chance = random.Random(seed)
    lines = text.split("\n")
    for _ in range(EDITS):
        at = chance.randrange(len(lines))
        some = lines[at]
        match chance.randrange(4):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, some)
            case 2:
                lines.insert(chance.randrange(len(lines)), lines.pop(at))
            case _:
                numbers = [place for place, character in enumerate(some) if character.isdigit()]
                place = chance.choice(numbers) if numbers else len(some)
                lines[at] = f"{some[:place]}{chance.randrange(10)}{some[place + 1 :]}"
        yield "\n".join(lines)


@pytest.mark.parametrize("name", PLANS)
def test_a_text_means_the_same_whatever_was_read_before(name: str) -> None:
    check(source(name))
    for text in edited(source(name).text, name):
        after = check(Source(name, text))
        forget()
        assert after == check(Source(name, text))


def test_a_pack_that_is_sound_in_months_is_read_again_for_weeks() -> None:
    text = (
        'plan "Monthly" prepaid\n  grant 1 GB\n\nplan "Weekly" prepaid\n  cycle: 7 days\n  grant 1 GB\n\n'
        'pack "More"\n  every month grant 1 GB\n'
    )
    assert [(one.code, one.span.line) for one in check(Source("", text)).diagnostics] == [("R219", 9)]


TOO_HIGH = 'plan "A" prepaid\n  grant 10 GB\n  carry 1 month, cap 50 GB\n'


def test_lints_stop_between_two_where_nobody_wants_them_any_more() -> None:
    checked = check(Source("", TOO_HIGH))
    asked = []

    def is_wanted() -> bool:
        asked.append(1)
        return len(asked) < 3

    assert remarks.found(checked, is_wanted) is None
    assert len(asked) == 3


def test_lints_read_one_by_one_find_the_same() -> None:
    checked = check(Source("", TOO_HIGH))
    found = remarks.found(checked, lambda: True)
    assert found is not None
    assert lint(checked)
    assert {*found} == {*lint(checked)}
