"""What is promoted on GitHub is held against main's history, and reviewers see what is new."""

import json
import shutil
from pathlib import Path

import pytest

from components.provider.gitops_branch import GitOpsBranch
from kalypso.errors import KalypsoError, SourceError
from kalypso.git.write import NO_COMMIT, RefUpdate, update_refs
from kalypso.stack import wording
from kalypso.stack.schedule import Schedule, make_schedule
from kalypso.stack.wording import make_wording
from tests.components.test_github import Platform
from tests.stack.forge import SampleForge, settings_for
from tests.standins.github import faults
from tests.standins.github.faults import on
from tests.standins.github.server import TOKEN, GitHubServer


class Promoted(Platform):
    """The sample on GitHub, with a commit of main delivered to dev."""

    def __init__(self, server: GitHubServer) -> None:
        super().__init__(server)
        self.older = self.head("control-plane", "main")
        self.delivered = self.commit("control-plane", "main", {"README.md": b"newer\n"})
        self.promote(self.delivered)
        self.deliver()
        self.gitops.merge(1)
        server.clear()

    def head(self, content: str, branch: str) -> str:
        found = self.server.find(f"acme/kalypso-{content}")
        assert found is not None
        return found.branches()[branch]

    def base(self, commit: str, content: str = "control-plane") -> bytes:
        """Return an object that names a commit of main."""
        return f"""\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: BaseRepo
metadata:
  name: main
spec:
  repo: {self.server.url}/acme/kalypso-{content}
  branch: main
  commit: "{commit}"
""".encode()

    def promote(self, commit: str) -> None:
        """Name a commit of main in dev's branch of the control plane, as a person does."""
        self.commit("control-plane", "dev", {"base-repo.yaml": self.base(commit)})

    def force_main(self, commit: str) -> None:
        """Push main by force, as a person should not."""
        found = self.server.find("acme/kalypso-control-plane")
        assert found is not None
        update_refs(found.folder, [RefUpdate("refs/heads/main", found.branches()["main"], commit)])

    def deliver(self, **config: str) -> str:
        """Deliver as `pulumi up` does, with the program's words; return the body."""
        settings = self.settings(**config)
        schedule = make_schedule(settings)
        words = make_wording(schedule, settings)
        assert words is not None
        told = {"title": words.title, "body": words.body, "trailers": words.trailers}
        inputs = {**self.inputs(schedule.evaluation.files), **told}
        provider: GitOpsBranch = self.provider()
        provider.create(inputs, lambda _: None)
        return words.body


def refusal(platform: Promoted, **config: str) -> KalypsoError:
    platform.server.clear()
    with pytest.raises(KalypsoError) as caught:
        platform.schedule(**config)
    assert platform.server.writes() == []
    return caught.value


def calls_of(platform: Promoted) -> tuple[Schedule, list[str]]:
    """Preview; return what was found, and every call that it took."""
    platform.server.clear()
    found = platform.schedule()
    return found, [str(call).partition("/acme/")[2] for call in platform.server.calls]


@pytest.fixture
def platform(github_server: GitHubServer) -> Promoted:
    return Promoted(github_server)


def histories(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "cache").rglob("*.history.git"))


def test_going_forward_needs_no_word(platform: Promoted) -> None:
    newest = platform.commit("control-plane", "main", {"README.md": b"newest\n"})
    platform.promote(newest)
    assert platform.schedule().rollback == ""


def test_going_back_is_refused(platform: Promoted) -> None:
    platform.promote(platform.older)
    error = refusal(platform)
    assert error.problem.code == "rollback"
    assert f"from {platform.delivered[:10]} to {platform.older[:10]}" in error.problem.message


def test_going_back_that_is_allowed_is_told_to_reviewers(platform: Promoted) -> None:
    platform.promote(platform.older)
    body = platform.deliver(**{"limits.rollback": "true"})
    assert body.startswith("> [!WARNING]\n> This goes back from ")


def test_going_back_is_seen_although_main_was_pushed_by_force(platform: Promoted) -> None:
    platform.force_main(platform.older)
    platform.promote(platform.older)
    assert refusal(platform).problem.code == "rollback"


def test_what_was_delivered_may_be_gone_without_a_trace(platform: Promoted, tmp_path: Path) -> None:
    tracking = ".github/tracking/Promoted_Commit_Id"
    platform.commit("gitops", "dev", {tracking: b"1" * 40 + b"\n"})
    assert platform.schedule().rollback == ""
    assert histories(tmp_path) != []


def test_a_commit_that_main_does_not_hold_is_refused(platform: Promoted) -> None:
    found = platform.server.find("acme/kalypso-control-plane")
    assert found is not None
    update_refs(found.folder, [RefUpdate("refs/heads/aside", NO_COMMIT, platform.delivered)])
    platform.promote(platform.commit("control-plane", "aside", {"README.md": b"aside\n"}))
    error = refusal(platform)
    assert error.problem.code == "not-on-branch"
    assert error.problem.at.file.endswith("@dev:base-repo.yaml")


def test_a_commit_that_main_has_left_is_refused(platform: Promoted) -> None:
    left = platform.commit("control-plane", "main", {"README.md": b"left\n"})
    platform.force_main(platform.delivered)
    platform.promote(left)
    assert refusal(platform).problem.code == "not-on-branch"


def test_a_history_that_cannot_be_read_stops_the_run(platform: Promoted, tmp_path: Path) -> None:
    platform.promote(platform.older)
    platform.schedule(**{"limits.rollback": "true"})
    for kept in histories(tmp_path):
        kept.joinpath("HEAD").unlink()
    path = "/acme/kalypso-control-plane/git-upload-pack"
    platform.server.plan = on("POST", path, faults.BROKEN, times=99)
    with pytest.raises(SourceError, match="kalypso-control-plane") as caught:
        platform.schedule(**{"limits.rollback": "true"})
    assert caught.value.problem.code == "unreachable"


def test_an_unchanged_environment_is_previewed_without_any_history(
    platform: Promoted, tmp_path: Path
) -> None:
    platform.schedule()
    for kept in histories(tmp_path):
        kept.joinpath("HEAD").unlink()
    found, calls = calls_of(platform)
    assert found.standing is not None
    assert found.standing.step == "nothing"
    # Each branch is listed, which is two requests; nothing is fetched. The base is at a commit.
    listed = ["control-plane", "svc-src", "gitops", "gitops", "gitops"]
    git_calls = sorted(call for call in calls if "/info/refs" in call or "upload-pack" in call)
    wanted = [
        f"kalypso-{name}{service}"
        for name in listed
        for service in ("/info/refs", "/git-upload-pack")
    ]
    assert sorted(call.replace(".git/", "/") for call in git_calls) == sorted(wanted)


def test_what_waits_for_review_is_previewed_without_any_history(
    platform: Promoted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = platform.commit("control-plane", "main", {"README.md": b"newest\n"})
    platform.promote(newest)
    platform.deliver()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))  # as on another machine
    found, _ = calls_of(platform)
    assert found.standing is not None
    assert found.standing.step == "keep"
    assert list((tmp_path / "another").rglob("*.history.git")) == []
    assert list((tmp_path / "another").rglob("*.git")) != []


def test_a_base_on_github_costs_the_local_forge_nothing_while_nothing_changes(
    platform: Promoted, tmp_path: Path
) -> None:
    forge = SampleForge(tmp_path / "forge")
    forge.make()
    host = platform.server.url.removeprefix("http://")
    settings = settings_for(forge.folder, tokens=json.dumps({host: TOKEN}))
    copy = platform.server.add("acme/kalypso-copy")
    copy.git("fetch", "-q", str(forge.path("control-plane")), "main:main")
    older = copy.branches()["main"]
    newer = platform.commit("copy", "main", {"README.md": b"newer\n"})
    forge.commit("control-plane", "dev", {"base-repo.yaml": platform.base(newer, "copy")})
    for kept in histories(tmp_path):
        shutil.rmtree(kept)
    forge.deliver(dict(make_schedule(settings).evaluation.files))
    assert histories(tmp_path) != [], "the commit that is new to dev was looked for on main"
    forge.forge().merge(1)
    for kept in histories(tmp_path):
        shutil.rmtree(kept)
    make_schedule(settings)
    assert histories(tmp_path) == []
    forge.commit("control-plane", "dev", {"base-repo.yaml": platform.base(older, "copy")})
    with pytest.raises(KalypsoError, match="this goes back from"):
        make_schedule(settings)


def test_reviewers_see_the_commits_that_are_new(platform: Promoted) -> None:
    platform.commit("svc-src", "main", {"README.md": b"other\n"})
    newest = platform.commit("control-plane", "main", {"README.md": b"newest\n"})
    platform.promote(newest)
    body = platform.deliver()
    assert body.count("<code>change</code> by <code>Ada</code>") == 3
    assert newest[:10] in body


def test_when_the_time_is_over_no_more_histories_are_asked_for(
    platform: Promoted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.commit("svc-src", "main", {"README.md": b"other\n"})
    platform.promote(platform.commit("control-plane", "main", {"README.md": b"newest\n"}))
    schedule = platform.schedule()
    for kept in histories(tmp_path):
        shutil.rmtree(kept)
    monkeypatch.setattr(wording, "_LONGEST_SECONDS", 0.0)
    words = make_wording(schedule, platform.settings())
    assert words is not None
    assert "kalypso-svc-src" in words.body
    assert "<code>change</code>" not in words.body
    assert histories(tmp_path) == []


def test_a_list_of_commits_that_cannot_be_had_stops_nothing(platform: Promoted) -> None:
    settings = platform.settings()
    platform.commit("svc-src", "main", {"README.md": b"other\n"})
    newest = platform.commit("control-plane", "main", {"README.md": b"newest\n"})
    platform.promote(newest)
    schedule = make_schedule(settings)
    path = "/acme/kalypso-svc-src/git-upload-pack"
    platform.server.plan = on("POST", path, faults.NOT_FOUND, times=99)
    words = make_wording(schedule, settings)
    assert words is not None
    assert "kalypso-svc-src" in words.body
    assert words.body.count("<code>change</code> by <code>Ada</code>") == 2
