"""Expressions of workflows are worth what GitHub says they are."""

import pytest

from tests.workflows.expressions import ExpressionError, Value, evaluate, fill, holds

CONTEXTS: dict[str, Value] = {
    "github": {"base_ref": "dev", "event": {"number": 7, "ours": True}, "empty": ""},
    "secrets": {},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("github.base_ref", "dev"),
        ("github.event.number", 7),
        ("github.nothing.below", None),
        ("'it''s'", "it's"),
        ("github.base_ref == 'DEV'", True),
        ("github.base_ref != 'dev'", False),
        ("!(github.base_ref == 'main')", True),
        ("secrets.token || github.base_ref", "dev"),
        ("github.empty && 'a' || 'b'", "b"),
        ("github.event.ours && 'a' || 'b'", "a"),
        ("'a' || 'b' && ''", "a"),
        ("format('[\"{0}\", {1}]', github.base_ref, 7)", '["dev", 7]'),
        ("fromJSON('[\"a\"]')", ["a"]),
        ("startsWith('Deployment/dev', 'deployment/')", True),
    ],
)
def test_an_expression_is_worth(text: str, value: Value) -> None:
    assert evaluate(text, CONTEXTS) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "github.",
        "env.OURS",
        "github.base_ref ==",
        "github.base_ref 'dev'",
        "(github.base_ref",
        "hashFiles('a')",
        "github.base_ref == true",
        "'open",
        "a ? b : c",
    ],
)
def test_what_github_would_refuse_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(text, CONTEXTS)


def test_texts_are_filled_and_whole_expressions_keep_their_type() -> None:
    asked = {
        "a": "${{ github.base_ref }}/${{ secrets.no }}${{ true }}",
        "b": ["${{ github.event.ours }}"],
    }
    assert fill(asked, CONTEXTS) == {"a": "dev/true", "b": [True]}


@pytest.mark.parametrize(
    ("condition", "good", "runs"),
    [
        ("", True, True),
        ("", False, False),
        ("github.base_ref == 'dev'", True, True),
        ("github.base_ref == 'dev'", False, False),
        ("${{ github.base_ref == 'main' }}", True, False),
        ("always()", False, True),
        ("failure()", True, False),
        ("failure()", False, True),
        ("always() && github.base_ref == 'main'", False, False),
    ],
)
def test_a_condition_asks_for_success_unless_it_says_otherwise(
    *, condition: str, good: bool, runs: bool
) -> None:
    assert holds(condition, CONTEXTS, good=good) is runs
