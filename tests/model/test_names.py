"""Names: answers of Kubernetes' own library, and what people are told about a bad one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kalypso.model.names import NameKind, fault, unportable, valid

RECORDED = json.loads((Path(__file__).parent / "data" / "names.json").read_text())["cases"]


@pytest.mark.parametrize("case", RECORDED, ids=range(len(RECORDED)))
def test_a_name_is_valid_where_kubernetes_takes_it(case: dict[str, Any]) -> None:
    assert valid(case["kind"], case["text"]) is case["valid"]


@pytest.mark.parametrize(
    ("kind", "text", "wrong"),
    [
        ("dns1123label", "", "is empty"),
        ("dns1123label", "a" * 64, "has 64 characters, more than 63"),
        (
            "dns1123label",
            "a.b",
            "may hold only lower-case letters, digits and '-', with a letter or digit at both ends",
        ),
        (
            "dns1123subdomain",
            "Drone",
            (
                "may hold only lower-case letters, digits, '-' and '.', each part with a letter or"
                " digit at both ends"
            ),
        ),
        ("dns1123subdomain", "a" * 254, "has 254 characters, more than 253"),
        ("labelkey", "a/b/c", "may hold only one '/'"),
        ("labelkey", "/a", "has a prefix that is empty"),
        ("labelkey", "a/", "has a name part that is empty"),
        ("labelkey", f"p/{'é' * 32}", "has a name part that has 64 characters, more than 63"),
        ("labelvalue", "", ""),
        (
            "labelvalue",
            "a b",
            "may hold only letters, digits, '-', '_' and '.', with a letter or digit at both ends",
        ),
    ],
)
def test_says_what_is_wrong_with_a_name(kind: NameKind, text: str, wrong: str) -> None:
    assert fault(kind, text) == wrong


@pytest.mark.parametrize("kind", ["dns1123label", "dns1123subdomain", "labelkey", "labelvalue"])
@pytest.mark.parametrize("end", ["\n", "\r", "\u2028", "\x00", "\ud800"])
def test_nothing_may_follow_a_name(kind: str, end: str) -> None:
    assert valid(kind, "a")
    assert not valid(kind, f"a{end}")


def test_an_unknown_kind_of_name_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="unknown kind of name: 'label'"):
        valid("label", "a")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "con",
            "prn",
            "aux",
            "nul",
            "com1",
            "com9",
            "lpt1",
            "com0",
            "con.x",
            "aux.x.y",
            "nul.yaml",
        ),
        *("conin$", "com\u00b9", "CON", "readme.md", "README.md", "x.", "x "),
    ],
)
def test_a_name_that_some_system_cannot_check_out_is_known(name: str) -> None:
    assert unportable(name)


@pytest.mark.parametrize(
    "name", ["cone", "con-1", "x.con", "com", "com10", "lpt", "readme", "readme.md.x", "drone"]
)
def test_other_names_can_be_checked_out_everywhere(name: str) -> None:
    assert not unportable(name)
