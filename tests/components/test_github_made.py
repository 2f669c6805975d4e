"""Repositories that the platform makes on GitHub: read before they are there, filled once."""

import pytest

from components.provider.repository_content import RepositoryContent
from components.provider.values import Properties
from kalypso.errors import KalypsoError, SourceError
from kalypso.git.retry import Patience
from kalypso.stack.access import ProviderConfiguration
from kalypso.stack.schedule import Schedule, make_schedule
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import parse_settings
from kalypso.stack.starting_content import REPOSITORY_CONTENTS, starting_branches
from tests.stack.forge import quiet
from tests.standins.github.faults import (
    BAD_CREDENTIALS,
    FORBIDDEN,
    LOST,
    NOT_FOUND,
    Fault,
    on,
)
from tests.standins.github.repository import GitHubRepository
from tests.standins.github.server import TOKEN, GitHubServer

PUSH = "/git-receive-pack"


class NewPlatform:
    """A stack whose repositories are not there yet."""

    def __init__(self, server: GitHubServer) -> None:
        self.server = server

    def settings(self, **config: str) -> Settings:
        given = {
            "forge": "github", "forge.url": self.server.url, "github.owner": "acme",
            "github.token": TOKEN, **config,
        }  # fmt: skip
        return parse_settings({f"kalypso:{key}": text for key, text in given.items()}, "dev")

    def schedule(self, **config: str) -> Schedule:
        return make_schedule(self.settings(**config))

    def make(self, *contents: str) -> None:
        for content in contents:
            self.server.add(f"acme/kalypso-{content}")

    def fill(self, *contents: str) -> None:
        for content in contents:
            self.content().create(self.inputs(content), quiet)

    def content(self) -> RepositoryContent:
        configuration = ProviderConfiguration()
        configuration.take(
            {"kalypso:config:forge.url": self.server.url, "kalypso:config:github.token": TOKEN}
        )
        return RepositoryContent(configuration, Patience(sleep=lambda _: None))

    def inputs(self, content: str) -> Properties:
        return {
            "folder": "", "github": self.server.url, "repository": f"acme/kalypso-{content}",
            "content": content, "prefix": "kalypso", "url": f"{self.server.url}/acme",
        }  # fmt: skip

    def repository(self, content: str) -> GitHubRepository:
        found = self.server.find(f"acme/kalypso-{content}")
        assert found is not None
        return found


@pytest.fixture
def new(github_server: GitHubServer) -> NewPlatform:
    return NewPlatform(github_server)


def test_the_first_preview_shows_what_the_repositories_will_start_with(new: NewPlatform) -> None:
    found = new.schedule()
    assert [a.folder for a in found.evaluation.assignments] == ["large/observability-prometheus"]
    assert not found.exists
    assert found.standing is None
    assert f"{new.server.url}/acme/kalypso-svc-gitops" in str(found.evaluation.files)


def test_before_and_after_its_repositories_are_made_a_model_is_the_same(new: NewPlatform) -> None:
    before = new.schedule().evaluation.files
    new.make(*REPOSITORY_CONTENTS)
    assert not new.schedule().exists
    new.fill(*REPOSITORY_CONTENTS)
    after = new.schedule()
    assert after.exists
    assert after.evaluation.files == before


def test_a_run_that_was_cut_short_is_read_as_far_as_it_came(new: NewPlatform) -> None:
    new.make("gitops", "control-plane", "app-src")
    new.fill("gitops", "control-plane")
    found = new.schedule()
    assert found.exists
    assert [a.folder for a in found.evaluation.assignments] == ["large/observability-prometheus"]


@pytest.mark.parametrize("content", ["control-plane", "svc-src"])
def test_what_cannot_be_seen_after_the_first_delivery_is_an_error(
    new: NewPlatform, content: str
) -> None:
    new.make(*REPOSITORY_CONTENTS)
    new.fill(*REPOSITORY_CONTENTS)
    gitops = new.repository("gitops")
    gitops.git("update-ref", "refs/heads/deployment/dev", "refs/heads/dev")
    new.server.remove(f"acme/kalypso-{content}")
    with pytest.raises(KalypsoError, match=f"acme/kalypso-{content}") as caught:
        new.schedule()
    assert "no-repository" in str(caught.value)


def test_repositories_of_ones_own_are_never_read_as_the_sample(new: NewPlatform) -> None:
    address = f"{new.server.url}/acme/kalypso-control-plane"
    with pytest.raises(SourceError, match="acme/kalypso-control-plane"):
        new.schedule(**{"repositories.control-plane": address})


def test_a_token_that_is_refused_is_never_read_as_nothing_there(new: NewPlatform) -> None:
    new.server.plan = lambda _: BAD_CREDENTIALS
    with pytest.raises(SourceError) as caught:
        new.schedule()
    assert caught.value.problem.code == "denied"


def test_a_control_plane_that_does_not_answer_is_never_read_as_the_sample(
    new: NewPlatform,
) -> None:
    new.make(*REPOSITORY_CONTENTS)
    new.fill("gitops")
    new.server.plan = on("GET", "/kalypso-control-plane/info/refs", FORBIDDEN, times=99)
    with pytest.raises(SourceError, match="acme/kalypso-control-plane"):
        new.schedule()


def test_a_repository_of_another_name_or_owner_is_not_ours(new: NewPlatform) -> None:
    settings, url = new.settings(), new.server.url
    assert settings.content_of(f"{url}/acme/kalypso-app-src.git") == "app-src"
    assert settings.content_of(f"{url}/ACME/kalypso-gitops") == "gitops"
    assert settings.content_of(f"{url}/other/kalypso-gitops") is None
    assert settings.content_of(f"{url}/acme/kalypso-other") is None
    assert settings.content_of(f"{url}/acme/gitops") is None
    assert settings.content_of("https://elsewhere.example.com/acme/kalypso-gitops") is None


def test_all_branches_of_a_repository_arrive_in_one_push(new: NewPlatform) -> None:
    new.make("control-plane")
    new.fill("control-plane")
    start = starting_branches("control-plane", "kalypso", f"{new.server.url}/acme")
    assert new.repository("control-plane").branches() == {
        name: branch.commit for name, branch in start.items()
    }
    assert len(new.server.writes()) == 1


def test_a_repository_with_content_is_left_as_it_is(new: NewPlatform) -> None:
    new.make("app-src")
    theirs = new.repository("app-src")
    tree = theirs.git("hash-object", "-t", "tree", "-w", "/dev/null")
    theirs.git("update-ref", "refs/heads/theirs", theirs.git("commit-tree", tree, "-m", "theirs"))
    new.fill("app-src")
    assert list(theirs.branches()) == ["theirs"]


def test_a_repository_that_was_just_made_is_waited_for(new: NewPlatform) -> None:
    new.make("app-src")
    new.server.plan = on("GET", "/info/refs", NOT_FOUND, times=3)
    new.fill("app-src")
    assert "main" in new.repository("app-src").branches()


def test_a_repository_that_does_not_appear_is_told(new: NewPlatform) -> None:
    with pytest.raises(SourceError, match="acme/kalypso-app-src"):
        new.fill("app-src")


def test_a_push_whose_answer_was_lost_has_filled_it(new: NewPlatform) -> None:
    new.make("control-plane")
    new.server.plan = on("POST", PUSH, LOST)
    new.fill("control-plane")
    assert len(new.repository("control-plane").branches()) == 3


def test_content_that_others_pushed_meanwhile_is_left_as_it_is(new: NewPlatform) -> None:
    new.make("app-src")
    theirs = new.repository("app-src")

    def push() -> None:
        tree = theirs.git("hash-object", "-t", "tree", "-w", "/dev/null")
        theirs.git("update-ref", "refs/heads/main", theirs.git("commit-tree", tree, "-m", "x"))

    new.server.plan = on("POST", PUSH, Fault(call=push, status=502))
    new.fill("app-src")
    assert list(theirs.branches()) == ["main"]


def test_content_is_there_as_long_as_the_repository_has_any(new: NewPlatform) -> None:
    new.make("app-src", "svc-src")
    new.fill("app-src")
    content = new.content()
    for name, there in (("app-src", "id"), ("svc-src", "")):
        inputs = new.inputs(name)
        assert content.read("id", inputs, inputs).resource_id == there
        assert content.diff(inputs, inputs, inputs).changed == (not there)


def test_another_repository_is_another_content_and_another_sample_is_not(new: NewPlatform) -> None:
    new.make("app-src")
    new.fill("app-src")
    content, inputs = new.content(), new.inputs("app-src")
    other: Properties = {**inputs, "repository": "acme/other"}
    assert content.diff(inputs, inputs, other).replaces == ("repository",)
    assert not content.diff(inputs, inputs, {**inputs, "url": "https://elsewhere"}).changed
