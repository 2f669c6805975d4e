"""The stack's program and provider on GitHub: existing repositories, tokens kept out of sight."""

import json
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from components.provider.gitops_branch import GitOpsBranch
from components.provider.values import Properties
from kalypso.errors import DeliveryError, KalypsoError, SourceError
from kalypso.forge.address import place_identified
from kalypso.forge.author import WRITER
from kalypso.forge.forge import Place
from kalypso.git.read import read_tree
from kalypso.git.remote import Access
from kalypso.model.repositories import Pointer
from kalypso.stack.access import ProviderConfiguration
from kalypso.stack.schedule import Schedule, make_schedule
from kalypso.stack.settings import Settings
from kalypso.stack.sources import PlatformRepositories
from kalypso.stack.stack_file import parse_settings
from tests.stack.forge import staged
from tests.standins.github.faults import Fault, on
from tests.standins.github.sample import Sample
from tests.standins.github.server import TOKEN, GitHubServer


class Platform(Sample):
    """The sample, and the stack's program and provider on it."""

    def settings(self, **config: str) -> Settings:
        given = {**self.config, **config}
        return parse_settings({f"kalypso:{key}": text for key, text in given.items()}, "dev")

    def schedule(self, **config: str) -> Schedule:
        return make_schedule(self.settings(**config))

    def inputs(self, files: Mapping[str, str]) -> Properties:
        return {
            "folder": "", "github": self.server.url, "repository": "acme/kalypso-gitops",
            "branch": "dev", "environment": "dev", "parent": self.gitops.branches()["dev"],
            **staged(self.server.url, files),
        }  # fmt: skip

    def provider(self, token: str = TOKEN) -> GitOpsBranch:
        configuration = ProviderConfiguration()
        configuration.take(
            {
                "kalypso:config:forge.url": self.server.url,
                "kalypso:config:github.token": token,
                "kalypso:config:prefix": "kalypso",
            }
        )
        return GitOpsBranch(configuration)


def on_github(name: str) -> Place:
    """Return a repository as the inputs of a resource name it."""
    identity = {"folder": "", "github": "https://github.com", "repository": name}
    return place_identified(identity, {})


@pytest.fixture
def platform(github_server: GitHubServer) -> Platform:
    return Platform(github_server)


def test_the_model_is_read_from_github_and_compared_with_its_branch(platform: Platform) -> None:
    found = platform.schedule()
    assert found.standing is not None
    assert found.standing.step == "open"
    assert found.destination.identity == {
        "folder": "", "github": platform.server.url, "repository": "acme/kalypso-gitops",
    }  # fmt: skip
    assert [a.target.name for a in found.evaluation.assignments] != []
    assert platform.server.writes() == []


def test_a_second_look_fetches_nothing(platform: Platform) -> None:
    platform.schedule()
    fetched = len(list((Path(platform.server.folder).parent / "cache").rglob("*.pack")))
    platform.schedule()
    assert len(list((Path(platform.server.folder).parent / "cache").rglob("*.pack"))) == fetched


def test_the_life_of_a_branch_on_github(platform: Platform) -> None:
    files, said = dict(platform.schedule().evaluation.files), list[str]()
    provider = platform.provider()
    made = provider.create(platform.inputs(files), said.append)
    assert made.state["pullRequest"] == 1
    page = f"{platform.server.url}/acme/kalypso-gitops/pull/1"
    assert said == [f"opened pull request 1 in acme/kalypso-gitops; look at it on {page}"]
    seen = provider.read(made.resource_id, made.state, made.inputs)
    assert not provider.diff(seen.state, seen.inputs, platform.inputs(files)).changed
    more = {**files, "drone/README.md": "edited\n"}
    difference = provider.diff(seen.state, seen.inputs, platform.inputs(more))
    assert list(difference.details) == ["tree"]
    provider.update(seen.state, platform.inputs(more), said.append)
    provider.delete(seen.state)
    assert [pull.state for pull in platform.gitops.pulls()] == ["closed"]
    assert "deployment/dev" not in platform.gitops.branches()


def test_no_token_is_in_state_or_report(platform: Platform) -> None:
    said: list[str] = []
    made = platform.provider().create(platform.inputs({"drone/README.md": "x\n"}), said.append)
    assert TOKEN not in json.dumps([made.state, made.inputs, said])


def test_a_wrong_token_is_told_by_repository_and_not_shown(platform: Platform) -> None:
    with pytest.raises(KalypsoError, match="acme/kalypso-gitops") as caught:
        platform.provider("wr0ng-c4nary").create(platform.inputs({"a/b": "c"}), print)
    assert caught.value.problem.code == "denied"
    assert "c4nary" not in str(caught.value)


def test_without_a_token_it_says_what_to_set(platform: Platform) -> None:
    with pytest.raises(DeliveryError, match=r"kalypso:github\.token") as caught:
        platform.provider("").create(platform.inputs({"a/b": "c"}), print)
    assert caught.value.problem.code == "no-token"


def test_a_repository_that_cannot_be_seen_is_never_taken_for_one_that_is_gone(
    platform: Platform,
) -> None:
    provider = platform.provider()
    made = provider.create(platform.inputs({"drone/README.md": "x\n"}), lambda _: None)
    platform.server.remove("acme/kalypso-gitops")
    with pytest.raises(KalypsoError, match="no-repository"):
        provider.read(made.resource_id, made.state, made.inputs)


def test_a_gitops_repository_of_another_host_is_refused(platform: Platform) -> None:
    with pytest.raises(KalypsoError, match="is not on GitHub") as caught:
        platform.schedule(
            **{
                "forge.url": "https://github.com",
                "repositories.control-plane": f"{platform.server.url}/acme/kalypso-control-plane",
                "tokens": json.dumps({platform.server.url.removeprefix("http://"): TOKEN}),
            }
        )
    assert caught.value.problem.code == "other-forge"


@pytest.mark.parametrize("name", ["gitops", "acme/team/gitops", "", "acme/"])
def test_a_name_without_its_owner_is_refused(name: str) -> None:
    with pytest.raises(DeliveryError, match="name it as owner/name"):
        on_github(name)


def test_an_application_team_without_github_library_is_told_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "kalypso.forge.github.repository", None)
    with pytest.raises(DeliveryError, match="pip install") as caught:
        on_github("acme/gitops").repository(Access(), WRITER)
    assert caught.value.problem.code == "no-library"


def test_what_was_merged_is_what_was_scheduled(platform: Platform) -> None:
    files = dict(platform.schedule().evaluation.files)
    platform.provider().create(platform.inputs(files), lambda _: None)
    platform.gitops.merge(1)
    tree = read_tree(str(platform.gitops.folder), "dev").files
    assert {path: tree[path].decode() for path in files} == files
    standing = platform.schedule().standing
    assert standing is not None
    assert standing.step == "nothing"


def pointer(platform: Platform, content: str, branch: str = "main") -> Pointer:
    return Pointer(repo=f"{platform.server.url}/acme/kalypso-{content}", branch=branch)


def test_sources_are_read_several_at_once_and_each_once(platform: Platform) -> None:
    repositories = PlatformRepositories(platform.settings())
    together = threading.Barrier(3, timeout=20)
    platform.server.plan = on("GET", "/info/refs", Fault(call=together.wait, status=500), times=3)
    wanted = [pointer(platform, name) for name in ("app-src", "svc-src", "control-plane")]
    repositories.prefetch([*wanted, *wanted])
    platform.server.clear()
    for each in wanted:
        assert repositories.read(each).files
    assert platform.server.calls == []


def test_a_source_that_cannot_be_read_is_told_when_it_is_asked_for(platform: Platform) -> None:
    repositories = PlatformRepositories(platform.settings())
    missing = pointer(platform, "nothing")
    repositories.prefetch([missing, pointer(platform, "app-src")])
    assert repositories.read(pointer(platform, "app-src")).files
    with pytest.raises(SourceError, match="kalypso-nothing"):
        repositories.read(missing)


def test_of_a_source_only_what_a_model_may_hold_is_fetched(platform: Platform) -> None:
    film = {"film.mp4": b"x" * 300_000, "workload/more.yaml": b"a: 1\n"}
    platform.commit("app-src", "main", {**film})
    found = PlatformRepositories(platform.settings()).read(pointer(platform, "app-src"))
    assert "workload/more.yaml" in found.files
    assert "film.mp4" not in found.files
    cache = platform.server.folder.parent / "cache"
    assert sum(path.stat().st_size for path in cache.rglob("*.pack")) < 50_000
