"""What a stack may set on repositories beside their content, and what is refused."""

import json

import pytest

from kalypso.errors import Problems
from kalypso.stack.repository_checks import check_repositories
from kalypso.stack.stack_file import parse_settings

GITHUB = {"forge": "github", "github.owner": "acme"}
RULES = {"repositories.rulesets": "true"}
ENVIRONMENTS = {"repositories.environments": "true"}


def check(given: dict[str, str], stack: str = "dev", lines: dict[str, int] | None = None) -> None:
    settings = parse_settings({f"kalypso:{key}": text for key, text in given.items()}, stack)
    check_repositories(settings, stack, lines)


def refusals(given: dict[str, str], stack: str = "dev") -> list[str]:
    with pytest.raises(Problems) as caught:
        check(given, stack)
    return [each.message for each in caught.value.problems]


@pytest.mark.parametrize("wanted", [{}, RULES, ENVIRONMENTS, {**RULES, **ENVIRONMENTS}])
def test_repositories_that_the_platform_makes_on_github_may_have_both(
    wanted: dict[str, str],
) -> None:
    check({**GITHUB, **wanted, "delivery": "pull-request"})


def test_another_stack_is_shown_where_the_setting_belongs() -> None:
    (message,) = refusals({**GITHUB, **RULES}, "stage")
    assert message == "'repositories.rulesets' is a setting of the platform's stack, 'dev'"


def test_a_forge_without_rules_gets_none() -> None:
    assert refusals({**RULES, **ENVIRONMENTS}) == [
        "'repositories.environments' is for GitHub, and the repositories are on the local forge",
        "'repositories.rulesets' is for GitHub, and the repositories are on the local forge",
    ]


def test_repositories_of_ones_own_are_left_as_they_are() -> None:
    own = {"repositories.control-plane": "https://github.com/acme/fleet"}
    (message,) = refusals({**GITHUB, **own, **ENVIRONMENTS})
    assert message.endswith("is for repositories that the stack makes, and these are your own")


def test_rules_that_would_refuse_the_stacks_own_files_are_refused() -> None:
    (message,) = refusals({**GITHUB, **RULES, "delivery": "repository-files"})
    assert message.startswith("the rules would refuse manifests that are written straight")


def test_nobody_bypasses_rules_that_are_not_made() -> None:
    (message,) = refusals({**GITHUB, "repositories.bypass": '["maintainers"]'})
    assert message == "there are no rules that anybody could bypass"


@pytest.mark.parametrize("name", ["ada", "team:platform", "app:0", "team:", "user:-1", "user:7 "])
def test_whom_github_could_not_know_is_refused_as_a_value(name: str) -> None:
    with pytest.raises(Problems) as caught:
        check({**GITHUB, **RULES, "repositories.bypass": f'["{name}"]'})
    assert "bypass" in str(caught.value)


def secrets(given: object) -> dict[str, str]:
    return {"repositories.secrets": json.dumps(given)}


def test_secrets_may_be_the_same_everywhere_or_differ_by_environment() -> None:
    given = {"TOKEN": "for-all", "OTHER": {"*": "for-most", "stage": "for-stage"}}
    check({**GITHUB, **ENVIRONMENTS, **secrets(given), "environments": '["dev", "stage"]'})


def test_secrets_that_no_job_could_read_are_refused() -> None:
    given = {"TOKEN": {"stagee": "x"}}
    assert refusals({**GITHUB, **secrets(given), "environments": '["dev", "stage"]'}) == [
        "the secret TOKEN has a value for 'stagee', which is not listed",
        "there are no environments whose jobs could read the secrets",
    ]


@pytest.mark.parametrize("name", ["token", "1TOKEN", "GITHUB_TOKEN", "MY TOKEN", "MY-TOKEN", ""])
def test_a_name_that_github_keeps_for_no_secret_is_refused(name: str) -> None:
    with pytest.raises(Problems) as caught:
        check({**GITHUB, **ENVIRONMENTS, **secrets({name: "text-of-the-secret"})})
    (problem,) = caught.value.problems
    assert "the setting 'repositories.secrets' is wrong" in problem.message
    assert "cannot name a secret" in problem.message
    assert problem.hint.startswith('for example {"KALYPSO_TOKEN": ')
    assert "text-of-the-secret" not in str(caught.value)


@pytest.mark.parametrize("value", ["", {}, {"dev": ""}, ["text-of-it"], 7, "x" * 49_153])
def test_a_value_that_is_no_secret_is_refused_and_not_shown(value: object) -> None:
    with pytest.raises(Problems) as caught:
        check({**GITHUB, **ENVIRONMENTS, **secrets({"TOKEN": value})})
    assert "'repositories.secrets" in str(caught.value)
    assert "text-of-it" not in str(caught.value)
    assert "xxx" not in str(caught.value)


def test_a_refusal_points_at_the_line_of_the_setting_or_of_its_group() -> None:
    for lines, line in (({"repositories.rulesets": 7}, 7), ({"repositories": 5}, 5), ({}, 1)):
        with pytest.raises(Problems) as caught:
            check(RULES, lines=lines)
        assert str(caught.value.problems[0]).startswith(f"Pulumi.dev.yaml:{line}:1: error:")
