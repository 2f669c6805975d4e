"""A YAML error names the line whose indentation is probably wrong."""

from __future__ import annotations

import pytest

from kalypso.errors import LoadError
from kalypso.loading import read_documents

START = "apiVersion: v1\nkind: ConfigMap\n"


def hint_of(text: str) -> str:
    with pytest.raises(LoadError) as caught:
        list(read_documents("a.yaml", text.encode()))
    assert caught.value.problem.code == "yaml-syntax"
    return caught.value.problem.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            "metadata:\n  name: a\n   labels: {}\n",
            "line 5 probably has the wrong indentation: 3 spaces, where 2 would fit",
        ),
        (
            "metadata:\n  name: a\n labels: {}\ndata: {}\n",
            "line 5 probably has the wrong indentation: 1 space, where 2 would fit",
        ),
        (
            "data:\n    A: a\n  B: b\n    C: c\n",
            "line 5 probably has the wrong indentation: 2 spaces, where 4 would fit",
        ),
        (
            "spec:\n  items:\n    - a: 1\n     b: 2\n",
            "line 6 probably has the wrong indentation: 5 spaces, where 6 would fit",
        ),
        ("metadata:\n\tname: a\n", "line 4 is indented with a tab, and YAML takes only spaces"),
    ],
)
def test_the_line_that_is_indented_wrong_is_named(text: str, hint: str) -> None:
    assert hint_of(START + text) == hint


@pytest.mark.parametrize(
    "text", ["metadata: {name: a\n", "data:\n  a: b: c\n", "metadata: {name: *nowhere}\n"]
)
def test_other_mistakes_blame_no_indentation(text: str) -> None:
    assert hint_of(START + text) == ""


def test_a_large_file_is_not_tried_again_and_again() -> None:
    filler = "".join(f"# {number:060}\n" for number in range(2_000))
    assert hint_of(f"{START}{filler}metadata:\n  name: a\n   labels: {{}}\n") == ""
