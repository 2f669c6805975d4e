"""Every ``*.case`` file: a template above the marker, its output or its error below.

Outputs are what Go's text/template prints of the same template and data. A case in the
folder ``strict`` is rendered with ``missing_key="error"``, one in ``zero`` with ``"zero"``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from kalypso.errors import TemplateError
from kalypso.template import MissingKey, parse
from tests.template.case_data import case_data

CASES: Final = sorted((Path(__file__).parent / "cases").rglob("*.case"))
MARKER: Final = re.compile(r"^-- (output|error) --\n", re.MULTILINE)
RULES: Final[dict[str, MissingKey]] = {"strict": "error", "zero": "zero"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_case(case: Path, *, update_golden: bool) -> None:
    written = case.read_text(encoding="utf-8")
    template = MARKER.split(written, maxsplit=1)[0]
    missing_key = RULES.get(case.parent.name, "default")
    try:
        kind = "output"
        got = parse(template, case.name).render(case_data(), missing_key=missing_key)
    except TemplateError as error:
        kind, got = "error", f"{error}\n"
    whole = f"{template}-- {kind} --\n{got}"
    if update_golden:
        case.write_text(whole, encoding="utf-8")
    assert whole == written


def test_a_third_of_the_cases_are_errors() -> None:
    errors = [case for case in CASES if "\n-- error --\n" in case.read_text(encoding="utf-8")]
    assert len(errors) * 3 >= len(CASES)
