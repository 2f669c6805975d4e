"""Images are asked for in their registry before anything is proposed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.application.bench import DIGEST, Team
from tests.cli.command import Result, run
from tests.standins.registry import Registry, serving

TOKEN = "c4nary-token"  # noqa: S105 - of the stand-in
MANIFEST = json.dumps({"config": {}, "layers": []}).encode()


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.delenv("KALYPSO_REGISTRY_TOKEN", raising=False)
    with serving() as found:
        found.manifests["acme/shop", DIGEST] = MANIFEST
        yield found


def proposes(team: Team, image: str) -> Result:
    given = ("--source", f"{team.source}@main", "--image", f"shop={image}")
    return run(["app", "propose", "-e", "dev", *given], team.folder)


def test_image_that_the_registry_has_is_proposed(team: Team, registry: Registry) -> None:
    done = proposes(team, f"{registry.address}/acme/shop@{DIGEST}")
    assert done.out.startswith("opened pull request 1 in shop-gitops;"), done.err


def test_image_that_does_not_exist_stops_everything(team: Team, registry: Registry) -> None:
    image = f"{registry.address}/acme/store@{DIGEST}"
    refused = proposes(team, image)
    assert (refused.code, refused.err) == (
        2,
        (
            f"{registry.address}:1:1: error: the image {image} does not exist, or may not be seen"
            " from here [no-image]\n"
            "  hint: push it first; a token for the registry may be in KALYPSO_REGISTRY_TOKEN\n"
        ),
    )
    assert team.branches() == ["dev", "stage"]


def test_private_image_is_seen_with_a_token_and_not_without(
    team: Team, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.token = TOKEN
    image = f"{registry.address}/acme/shop@{DIGEST}"
    assert "[no-image]" in proposes(team, image).err
    monkeypatch.setenv("KALYPSO_REGISTRY_TOKEN", "another")
    assert "[no-image]" in proposes(team, image).err
    monkeypatch.setenv("KALYPSO_REGISTRY_TOKEN", TOKEN)
    assert proposes(team, image).out.startswith("opened pull request 1 in shop-gitops;")


def test_registry_that_does_not_answer_may_be_asked_later(team: Team) -> None:
    refused = proposes(team, f"127.0.0.1:9/acme/shop@{DIGEST}")
    assert refused.code == 3
    assert "the registry 127.0.0.1:9 does not say whether an image exists:" in refused.err
    assert team.branches() == ["dev", "stage"]
