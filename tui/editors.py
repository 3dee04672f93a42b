"""What editors need: the shape of scenario files as a JSON Schema, and the words of the language as a TextMate grammar.

Both are made from what reads the files: the keys of `dsl/scenario_file.py` and the terminals of the grammar.
"""

from __future__ import annotations

import json
import re
from typing import Any

from dsl import grammar, scenario_file
from dsl.assist.scenario_words import MEANINGS
from dsl.scenario import Figure

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_AMOUNT = r"^\d"
_TIME = r"^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?)?$"


def schema() -> str:
    """The JSON Schema of one document of a scenario file."""
    keys = scenario_file
    line = _object(keys.LINE_KEYS)
    cycle = _object(keys.CYCLE_KEYS) | {"description": "a cycle"}
    cycle["properties"]["lines"] = {
        "description": MEANINGS["lines"],
        **_one_or_more({"type": "object", "additionalProperties": line}),
    }
    record = _object(keys.RECORD_KEYS) | {"required": ["at"], "description": "a record"}
    found = {"$schema": DRAFT, "title": "A scenario of a Rollover plan", **_object(keys.KEYS)}
    found["properties"]["cycles"]["items"] = cycle
    found["properties"]["records"]["items"] = record
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _object(keys: tuple[str, ...]) -> dict[str, Any]:
    properties = {key: {"description": MEANINGS[key], **_shape(key)} for key in keys}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _shape(key: str) -> dict[str, Any]:
    match key:
        case "cycles" | "records":
            return {"type": ["array", "null"]}
        case "opening" | "buy" | "do":
            return _one_or_more({"type": "string"})
        case "use" | "top up":
            return _one_or_more({"type": "string", "pattern": _AMOUNT})
        case "start" | "at":
            return {"type": "string", "pattern": _TIME}
        case "expect":
            amounts = _one_or_more(
                {"type": "string", "examples": ["10 GB", "10 GB because carry", "5 GB carried only at home"]}
            )
            return {"type": "object", "additionalProperties": False, "properties": {str(figure): amounts for figure in Figure}}
        case "lines":
            return {}
        case _:
            return {"type": ["string", "null"]}


def _one_or_more(item: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [item, {"type": "array", "items": item}]}


def textmate() -> str:
    """The TextMate grammar: comments, names, dates, numbers and keywords, a line's first word apart."""
    words = sorted(grammar.keywords(), key=lambda word: (-len(word), word))
    either = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words if word[0].isalpha())
    found = {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "Rollover",
        "scopeName": "source.rollover",
        "fileTypes": ["plan"],
        "patterns": [
            {"name": "comment.line.number-sign.rollover", "match": "#.*$"},
            {"name": "string.quoted.double.rollover", "match": '"[^"]*"'},
            {"name": "constant.other.date.rollover", "match": r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}:\d{2}\b"},
            {"name": "constant.numeric.rollover", "match": r"\b\d+(\.\d+)?(st|nd|rd|th|x\b|%)?"},
            {"name": "keyword.control.rollover", "match": rf"(?i)^\s*(?:{either})(?![\w-])"},
            {"name": "keyword.other.rollover", "match": rf"(?i)(?<![\w-])(?:{either})(?![\w-])"},
        ],
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
