"""The built-in config types: a ConfigMap that Kubernetes takes, a file that a shell reads back."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kalypso.rendering.builtin import CONFIG_MAP_OBJECTS, BuiltIn, config_map, env_file
from kalypso.rendering.identity import kinds_apart

values = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12
) | st.sampled_from(['"', "$HOME", "`id`", "\\", "\\n", "a\nb\n", "$(id)", "'", "!x", "\r\n", "\t"])


def read_back(text: str, names: list[str], folder: Path) -> list[str]:
    """Let a shell read the file, and print what it got."""
    file = folder / "config.sh"
    file.write_bytes(text.encode())
    script = '. "$1"; shift; for name; do eval "printf \'%s\\0\' \\"\\$$name\\""; done'
    done = subprocess.run(
        ["sh", "-c", script, "sh", str(file), *names],
        capture_output=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    return done.stdout.decode().split("\0")[:-1]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(values, min_size=1, max_size=8))
def test_a_shell_reads_back_exactly_the_values(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    named = {f"K{number}": text for number, text in enumerate(texts)}
    assert read_back(env_file(named), list(named), tmp_path_factory.mktemp("env")) == texts


def test_lines_of_an_env_file_are_sorted_and_quoted() -> None:
    assert env_file({"B": 'a "b"', "A": "$x `y` \\"}) == (
        'export A="\\$x \\`y\\` \\\\"\nexport B="a \\"b\\""\n'
    )


def test_a_structured_value_of_an_env_file_is_its_yaml() -> None:
    assert env_file({"L": ["a", 1]}) == 'export L="- a\n- 1\n"\n'


def test_an_env_file_without_values_is_empty() -> None:
    assert env_file({}) == ""


@pytest.mark.parametrize(
    ("given_values", "data"),
    [
        ({"a": "text", "b": "true", "c": "1"}, {"a": "text", "b": "true", "c": "1"}),
        ({"list": [1, "a"]}, {"list": "- 1\n- a\n"}),
        ({"map": {"b": 1, "a": None}}, {"map": "a: null\nb: 1\n"}),
        ({"lines": "a\nb\n", "empty": ""}, {"lines": "a\nb\n", "empty": ""}),
    ],
)
def test_every_value_of_the_config_map_is_text(
    given_values: dict[str, Any], data: dict[str, str]
) -> None:
    body = yaml.safe_load(config_map("dev-team-app", given_values))
    assert body == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "platform-config", "namespace": "dev-team-app"},
        "data": data,
    }


def test_a_config_map_without_values_has_no_data() -> None:
    assert "data" not in yaml.safe_load(config_map("n", {}))


CONFIG = """\
apiVersion: v1
data:
    L: |
        - a
    S: "1"
kind: ConfigMap
metadata:
    name: platform-config
    namespace: {}
"""


@pytest.mark.parametrize(
    ("namespace", "harmless", "shown"),
    [("dev-a", True, "dev-a"), ("dev-b", True, "dev-b"), ("12", False, '"12"')],
)
def test_a_config_map_is_written_line_by_line(namespace: str, harmless: bool, shown: str) -> None:  # noqa: FBT001 - a case
    written = BuiltIn().config_map(namespace, {"S": "1", "L": ["a"]}, harmless=harmless)
    assert written == CONFIG.format(shown)


def test_what_is_kept_of_one_configuration_is_never_given_for_another() -> None:
    built_in = BuiltIn()
    texts = [built_in.env_file({"SIZE": str(number)}) for number in range(50)]
    assert texts == [f'export SIZE="{number}"\n' for number in range(50)]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from(["kind", "A", "---"]), values | st.lists(values)))
def test_no_value_looks_like_another_object(own: dict[str, Any]) -> None:
    evil = {"B": "a\nkind: Secret\n---\nkind: ConfigMap\n", "C": "\n---\nkind: Secret"}
    for found in (own, own | evil):
        assert kinds_apart(config_map("dev-team", found)) == CONFIG_MAP_OBJECTS == ("ConfigMap",)
