"""Commands read a stack's file without the engine, so without what is encrypted in it."""

from pathlib import Path

import pytest

from kalypso.errors import Problems
from kalypso.stack.encrypted import without_encrypted
from kalypso.stack.found_settings import find_settings
from kalypso.stack.stack_file import read_settings

FILE = """config:
  kalypso:environment: dev
  kalypso:github.token: {secure: v1:abc}
  kalypso:tokens: {git.example.com: {secure: v1:abc}}
  kalypso:repositories:
    linkLocal: true
    secrets:
      KALYPSO_TOKEN: {secure: v1:abc}
      OTHER: {dev: {secure: v1:abc}, stage: {secure: v1:abc}}
  kalypso:azure: {tags: {team: platform}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.dev.yaml").write_text(FILE)
    return tmp_path


def test_what_is_beside_something_encrypted_is_read(folder: Path) -> None:
    for settings in (read_settings(folder, "dev"), find_settings(folder, "dev", {}).settings):
        assert settings.repositories.link_local
        assert settings.azure.tags == {"team": "platform"}


def test_what_is_encrypted_inside_an_object_is_as_if_it_were_not_set(folder: Path) -> None:
    for settings in (read_settings(folder, "dev"), find_settings(folder, "dev", {}).settings):
        assert settings.tokens == {}
        assert settings.repositories.secrets == {}


def test_an_object_that_was_empty_stays_and_one_that_only_looks_encrypted_too() -> None:
    given = {"a": {}, "b": {"secure": "x", "more": 1}, "c": {"d": {"secure": "x"}}, "e": ["f"]}
    assert without_encrypted(given) == {"a": {}, "b": {"secure": "x", "more": 1}, "e": ["f"]}


APP = """config:
  kalypso:environment: dev
  kalypso:forge: github
  kalypso:github.owner: acme
  kalypso:github.app.id: "12"
"""


def test_the_encrypted_key_of_an_app_is_not_missing(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_text(f"{APP}  kalypso:github.app.key: {{secure: v1:a}}\n")
    for settings in (
        read_settings(tmp_path, "dev"),
        find_settings(tmp_path, "dev", {}).settings,
    ):
        assert settings.github.app.id == "12"
        assert settings.access.credentials.made == {}


def test_a_key_that_is_nowhere_is_missing(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_text(APP)
    with pytest.raises(Problems, match=r"github\.app\.id is set, and github\.app\.key is not"):
        read_settings(tmp_path, "dev")
