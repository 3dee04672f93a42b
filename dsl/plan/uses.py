"""What is said of a use, and which uses a lot serves."""

from __future__ import annotations

# What is said of a use, as it is written: `abroad`, `at night`, `in "Macau"`, `"video"`.
Tags = frozenset[str]
# Which uses a lot serves: those of which each of these sets has a tag said. Without a set: any use.
Scope = frozenset[Tags]
ANY_USE: Scope = frozenset()

AT_HOME, ABROAD, BY_DAY, AT_NIGHT = "at home", "abroad", "by day", "at night"
ON_WEEKDAYS, ON_WEEKENDS = "on weekdays", "on weekends"
GENERAL: Tags = frozenset({AT_HOME, BY_DAY, ON_WEEKDAYS})  # said of a use of which nothing is said
