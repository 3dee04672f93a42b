"""The worked numbers of the language's design, to the byte and the second, as `rollover run --format json` prints them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import rollover, written

GB = 10**9
MINUTE = 60

FLEX_20 = """\
rate 1 GB = 30 minutes

plan "Flex 20" postpaid
  contract 24 months
  every month grant 20 GB data, 300 minutes and 100 sms
  {order}
  unused data: carry 1 month, cap 10GB, convert the rest to minutes, cap 200 minutes
  when data runs out: slow to 128 kbps
"""

PREPAID_10 = """\
rate 1 GB = 30 minutes

plan "Prepaid 10" prepaid
  grant 10GB
"""
ON_THREE_LINES = PREPAID_10 + "  carry 1 month\n  cap 10GB\n  convert to minutes\n"
ON_ONE_LINE = PREPAID_10 + "  carry 1 month, cap 10GB, convert to minutes\n"

Row = dict[str, int]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def printed(plan: str, use: str) -> str:
    written("worked.plan", plan)
    result = rollover("run", "worked.plan", "--use", use, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def rows(plan: str, use: str, service: str) -> list[Row]:
    """The figures of a service, cycle by cycle; each row adds up."""
    found = []
    for cycle in json.loads(printed(plan, use))["cycles"]:
        row = cycle["services"][service]
        del row["unit"]
        into = row["carried_in"] + row["granted"] + row["received"] + row["converted_in"]
        out = row["used"] + row["carried_out"] + row["converted_out"] + row["given"] + row["expired"] + row["remaining"]
        assert into == out, f"cycle {cycle['cycle']} loses or makes {into - out} of {service}"
        found.append(row)
    return found


def column(found: list[Row], name: str) -> list[int]:
    return [row[name] for row in found]


CARRIED_FIRST = FLEX_20.format(order="use carried data first")
ALLOWANCE_FIRST = FLEX_20.format(order="use allowance, then carried")
FIVE_MONTHS = "6GB,25GB,20GB,31.5GB,0GB"


def test_flex_20_data_over_five_months() -> None:
    data = rows(CARRIED_FIRST, FIVE_MONTHS, "data")
    assert column(data, "available") == [20 * GB, 30 * GB, 25 * GB, 25 * GB, 20 * GB]
    assert column(data, "used") == [6 * GB, 25 * GB, 20 * GB, 25 * GB, 0]
    assert column(data, "carried_in") == [0, 10 * GB, 5 * GB, 5 * GB, 0]
    assert column(data, "carried_out") == [10 * GB, 5 * GB, 5 * GB, 0, 10 * GB]
    assert column(data, "overage") == [0, 0, 0, 6_500_000_000, 0]


def test_flex_20_converts_what_is_above_the_cap() -> None:
    voice = rows(CARRIED_FIRST, FIVE_MONTHS, "voice")
    assert column(voice, "converted_in") == [120 * MINUTE, 0, 0, 0, 200 * MINUTE]
    assert column(voice, "carried_out") == [120 * MINUTE, 0, 0, 0, 200 * MINUTE]


def test_200_minutes_take_20_thirds_of_a_gb_rounded_up_to_the_byte() -> None:
    last = rows(CARRIED_FIRST, FIVE_MONTHS, "data")[-1]
    assert last["converted_out"] == 6_666_666_667
    assert last["expired"] == 3_333_333_333
    assert last["converted_out"] + last["expired"] == 10 * GB


def test_allowance_first_leaves_the_carried_lot_to_end_in_the_rest() -> None:
    """Ten carried GB reach their end unused; they are in `the rest`, so that 200 minutes are made of them."""
    voice = rows(ALLOWANCE_FIRST, "6GB,20GB", "voice")
    assert column(voice, "converted_in") == [120 * MINUTE, 200 * MINUTE]
    data = rows(ALLOWANCE_FIRST, "6GB,20GB", "data")
    assert column(data, "carried_out") == [10 * GB, 0]


def test_the_order_of_use_decides_what_rolls() -> None:
    first = column(rows(CARRIED_FIRST, "6GB,20GB", "voice"), "converted_in")
    assert first == [120 * MINUTE, 0]


@pytest.mark.parametrize("plan", [ON_THREE_LINES, ON_ONE_LINE], ids=["three lines", "one line"])
def test_prepaid_10_converts_what_was_carried_once(plan: str) -> None:
    data, voice = rows(plan, "0GB,0GB", "data"), rows(plan, "0GB,0GB", "voice")
    assert column(data, "carried_out") == [10 * GB, 10 * GB]
    assert column(voice, "converted_in") == [0, 300 * MINUTE]
    assert column(data, "converted_out") == [0, 10 * GB]
    assert column(data, "expired") == [0, 0]


def test_both_spellings_print_the_same_statement() -> None:
    assert printed(ON_THREE_LINES, "0GB,3GB,12GB") == printed(ON_ONE_LINE, "0GB,3GB,12GB")


def test_with_1024_the_same_rules_count_in_other_bytes() -> None:
    plan = "units: 1 GB = 1024 MB\n" + CARRIED_FIRST
    gb = 1024**3
    data = rows(plan, FIVE_MONTHS, "data")
    assert column(data, "available") == [20 * gb, 30 * gb, 25 * gb, 25 * gb, 20 * gb]
    assert column(data, "overage") == [0, 0, 0, 13 * gb // 2, 0]
    assert data[-1]["converted_out"] == -(-20 * gb // 3)
    assert column(rows(plan, FIVE_MONTHS, "voice"), "converted_in") == [120 * MINUTE, 0, 0, 0, 200 * MINUTE]
