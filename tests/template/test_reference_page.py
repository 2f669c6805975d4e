"""docs/reference/templates.md names every function, and each example gives what it says."""

from __future__ import annotations

import pytest

from kalypso.errors import TemplateError
from kalypso.template import function_set, parse, render
from kalypso.template.sets import refused_functions
from tests.template.reference_page import LANGUAGE, PAGE, SPRIG, Entry, entries, page


def test_the_page_is_what_its_parts_say(*, update_golden: bool) -> None:
    if update_golden:
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_function_is_on_the_page() -> None:
    documented = [entry["name"] for entry in (*entries(LANGUAGE), *entries(SPRIG))]
    assert set(documented) == {*function_set("sprig3"), *refused_functions()}
    assert len(documented) - len(set(documented)) == 1  # slice is in both tables


@pytest.mark.parametrize(
    "entry", [entry for entry in entries(LANGUAGE) if "output" in entry], ids=lambda e: e["name"]
)
def test_an_example_gives_what_the_page_says(entry: Entry) -> None:
    assert render(entry["example"], {}) == entry["output"]


@pytest.mark.parametrize(
    "entry", [entry for entry in entries(LANGUAGE) if "error" in entry], ids=lambda e: e["name"]
)
def test_a_failing_example_fails_as_the_page_says(entry: Entry) -> None:
    with pytest.raises(TemplateError) as caught:
        render(entry["example"], {})
    assert entry["error"] in caught.value.problem.message


def test_names_of_sprig_3_are_marked() -> None:
    for entry in entries(SPRIG):
        if entry["since"] == "v3":
            with pytest.raises(TemplateError, match="not defined"):
                parse(f"{{{{ {entry['name']} }}}}", functions="sprig2")
