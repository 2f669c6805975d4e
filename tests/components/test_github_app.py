"""The stack's program and provider as a GitHub App: its settings, and its key kept out of sight."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.provider.gitops_branch import GitOpsBranch
from components.provider.values import Properties
from kalypso.errors import DeliveryError, Problems, SourceError
from kalypso.forge.github.kind import AppCredentials
from kalypso.forge.github.place import App, GitHub
from kalypso.git.credentials import TokenSource
from kalypso.stack.access import ProviderConfiguration
from kalypso.stack.schedule import make_schedule
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import parse_settings
from tests.stack.forge import staged
from tests.standins.github.app import APP_ID, key_pair
from tests.standins.github.sample import Sample
from tests.standins.github.server import GitHubServer


def app_config(sample: Sample) -> dict[str, str]:
    """Return the settings of a stack that asks as an App."""
    config = {key: text for key, text in sample.config.items() if key != "github.token"}
    return {**config, "github.app.id": APP_ID, "github.app.key": key_pair()[0]}


def settings_of(config: dict[str, str]) -> Settings:
    return parse_settings({f"kalypso:{key}": text for key, text in config.items()}, "dev")


def provider_of(config: dict[str, str]) -> GitOpsBranch:
    configuration = ProviderConfiguration()
    configuration.take({f"kalypso:config:{key}": text for key, text in config.items()})
    return GitOpsBranch(configuration)


def inputs(sample: Sample) -> Properties:
    return {
        "folder": "", "github": sample.server.url, "repository": "acme/kalypso-gitops",
        "branch": "dev", "environment": "dev", "parent": sample.gitops.branches()["dev"],
        **staged(sample.server.url, {"drone/README.md": "x\n"}),
    }  # fmt: skip


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sample]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GITHUB_TOKEN", "of-somebody-else")
    with GitHubServer(tmp_path / "github") as server:
        sample = Sample(server)
        server.grants.pop(server.token)
        yield sample


def test_the_program_reads_as_the_app_with_one_token(sample: Sample) -> None:
    standing = make_schedule(settings_of(app_config(sample))).standing
    assert standing is not None
    assert standing.step == "open"
    assert len(sample.server.app.issued) == 1


def test_the_provider_delivers_as_the_app_and_tells_neither_key_nor_token(sample: Sample) -> None:
    said: list[str] = []
    made = provider_of(app_config(sample)).create(inputs(sample), said.append)
    assert made.state["pullRequest"] == 1
    told = json.dumps([made.state, made.inputs, said])
    for secret in (sample.server.app.issued[0], key_pair()[0].splitlines()[1]):
        assert secret not in told


@pytest.mark.parametrize("installation", [77, "77"])
def test_the_app_may_be_set_as_one_object(sample: Sample, installation: object) -> None:
    config = app_config(sample)
    about = {"id": int(APP_ID), "key": config.pop("github.app.key"), "installation": installation}
    config.pop("github.app.id")
    config["github"] = json.dumps({"owner": config.pop("github.owner"), "app": about})
    assert settings_of(config).github.app.installation == 77
    assert make_schedule(settings_of(config)).standing is not None
    provider_of(config).create(inputs(sample), lambda _: None)
    called = [str(call) for call in sample.server.calls]
    assert not any(call.endswith("/installation") for call in called)


def test_a_token_may_be_set_in_an_object_too(sample: Sample) -> None:
    config = {key: text for key, text in sample.config.items() if not key.startswith("github.")}
    config["github"] = json.dumps({"owner": "acme", "token": "wr0ng"})
    with pytest.raises(SourceError, match="no longer valid"):
        provider_of(config).create(inputs(sample), lambda _: None)


def test_what_python_shows_of_the_settings_has_no_key(sample: Sample) -> None:
    settings = settings_of(app_config(sample))
    shown = f"{settings!r} {settings.access!r} {App('1', key_pair()[0])!r}"
    assert key_pair()[0].splitlines()[1] not in shown
    assert "PRIVATE KEY" not in shown


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"github.app.id": "1"}, "github.app.id is set, and github.app.key is not"),
        ({"github.app.key": "k"}, "github.app.key is set, and github.app.id is not"),
        (
            {"github.app.id": "1", "github.app.key": "k", "github.token": "t"},
            "both a token and a GitHub App are set",
        ),
        ({"github.app.id": "a b"}, "the setting 'github.app.id' is wrong"),
        ({"github.app.installation": "acme"}, "the setting 'github.app.installation' is wrong"),
        ({"github.app.kee": "k"}, "did you mean github.app.key?"),
        ({"github": '{"app": {"kee": "k"}}'}, "did you mean github.app.key?"),
    ],
)
def test_settings_that_make_no_app_are_told(config: dict[str, str], sentence: str) -> None:
    with pytest.raises(Problems) as caught:
        settings_of(config)
    assert sentence in str(caught.value)


def test_without_the_library_it_says_how_to_get_it(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kalypso.forge.github.app", None)
    source: TokenSource = AppCredentials(GitHub(), App("another", "k"))
    with pytest.raises(DeliveryError, match="pip install") as caught:
        source.token(sample.server.url)
    assert caught.value.problem.code == "no-library"
