"""The files of real operators say all that the operators' terms do, or say that they don't; docs/coverage.md tells how far.

The corpus of rule sets is not part of the repository: what of it is needed is kept in tests/data, and compared where the corpus
is beside it. After a change of a file or of the corpus run `ROLLOVER_UPDATE=1 pytest tests/test_coverage.py` and read the diff.
"""

from __future__ import annotations

import os

import pytest
import simulation
from coverage_page import REGULATIONS, page
from operator_sets import CORPUS, SETS, How, figures, kept_of_the_corpus, sayings, sets
from shipped import EXAMPLES, OPERATORS, failures

PAGE = EXAMPLES.parent / "docs" / "coverage.md"
UPDATES = bool(os.environ.get("ROLLOVER_UPDATE"))


def test_the_sets_kept_here_are_those_of_the_corpus() -> None:
    if not CORPUS.is_file():
        pytest.skip("the corpus of operator plans is not beside this repository")
    if UPDATES:
        SETS.write_text(kept_of_the_corpus(), encoding="utf-8", newline="\n")
        sets.cache_clear()
    assert SETS.read_text(encoding="utf-8") == kept_of_the_corpus()


@pytest.mark.parametrize("id", OPERATORS)
def test_every_fact_of_the_terms_is_named_where_it_is_said(id: str) -> None:
    """A file bears the id of its rule set, and names nothing that the terms do not say."""
    about = sets()[id]
    named = set().union(*(saying.names for saying in sayings(id)))
    assert named == {*about.facts, *about.worked_names}


@pytest.mark.parametrize("id", OPERATORS)
def test_every_figure_of_the_terms_is_in_the_file(id: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in (EXAMPLES / "operators").glob(f"{id}.*")]
    assert figures(sets()[id].facts.values()) - figures(texts) == set()


def test_every_regulation_has_a_file_with_its_figures() -> None:
    assert {one.id for one in sets().values() if one.is_regulation and one.id not in OPERATORS} == {*REGULATIONS}
    for id, file in REGULATIONS.items():
        text = (EXAMPLES / "regulations" / f"{file}.plan").read_text(encoding="utf-8")
        assert figures(sets()[id].facts.values()) - figures([text]) == set()


@pytest.mark.parametrize("id", OPERATORS)
def test_every_worked_example_is_shown_by_an_example_with_its_figures(id: str) -> None:
    about = sets()[id]
    for name, worked in zip(about.worked_names, about.worked, strict=True):
        found = [saying for saying in sayings(id) if name in saying.names]
        examples = [saying.words for saying in found if saying.how is How.EXAMPLE]
        if examples:
            assert figures([worked["text"]]) - figures(saying.text for saying in found) == set()
            assert [failure for example in examples for failure in failures(f"operators/{id}.plan")[example]] == []
        else:
            assert any(saying.how in (How.WAITING, How.OUTSIDE) for saying in found), "a note says why not"


@pytest.mark.parametrize("id", OPERATORS)
def test_simulations_of_worked_examples_come_out(id: str) -> None:
    for worked in sets()[id].worked:
        if "sim" in worked:
            assert simulation.differences(id, worked["sim"]) == []


def test_the_page_is_what_the_files_say() -> None:
    if UPDATES:
        PAGE.write_text(page(), encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == page()
