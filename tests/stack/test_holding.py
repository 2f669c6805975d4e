"""A faulty application source stays as it was last delivered, and the others are delivered."""

from collections.abc import Mapping

import pytest

from components.provider.gitops_branch import GitOpsBranch
from kalypso.errors import Problem, Problems
from kalypso.evaluation import Delivered, read_delivered, verify
from kalypso.git import read_commit
from kalypso.git.write import Content
from kalypso.model import HeldSource, Pointer
from kalypso.stack.holding import held_output
from kalypso.stack.issues import settle_after_success
from kalypso.stack.schedule import Schedule, make_schedule
from kalypso.stack.sources import PlatformRepositories
from kalypso.stack.wording import make_wording
from tests.sample.walkthrough import DEV_POLICIES, REGISTRATION
from tests.stack.forge import SampleForge, quiet, settings_for

URL = "http://127.0.0.1:3180/kalypso-"
WORKLOAD, SERVICE = "workload/workload.yaml", "workloads/observability.yaml"
TEMPLATE = "templates/arc-flux.yaml"
FUNCTIONAL = "drone/hello-world-app-functional-test"
SCHEMA: dict[str, Content] = {
    "schema.yaml": b"""\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: ConfigSchema
metadata: {name: strict}
spec:
  schema: |
    type: object
    required: [NOT_THERE]
"""
}


def encoded(files: Mapping[str, str]) -> dict[str, Content]:
    return {path: text.encode() for path, text in files.items()}


def base_repo(commit: str) -> bytes:
    return f"""\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: BaseRepo
metadata:
  name: main
spec:
  repo: {URL}control-plane
  branch: main
  commit: "{commit}"
""".encode()


def register(name: str, repository: str) -> dict[str, Content]:
    text = REGISTRATION["main"]["workloads/hello-world-app.yaml"]
    text = text.replace("name: hello-world-app", f"name: {name}").replace("app-src", repository)
    return {f"workloads/{name}.yaml": text.encode()}


class Platform:
    """The sample on a local forge, with the walkthrough's application delivered to dev."""

    def __init__(self, forge: SampleForge) -> None:
        self.forge, self.pulls = forge, 0
        self.promote(encoded(REGISTRATION["main"]))
        forge.commit("control-plane", "dev", encoded(DEV_POLICIES["dev"]))

    def promote(self, changes: Mapping[str, Content]) -> None:
        """Change main, and let dev run that."""
        commit = self.forge.commit("control-plane", "main", dict(changes))
        self.forge.commit("control-plane", "dev", {"base-repo.yaml": base_repo(commit)})

    def schedule(self, **config: str) -> Schedule:
        return make_schedule(settings_for(self.forge.folder, **config))

    def deliver(self) -> Schedule:
        """Deliver what is scheduled, and merge it."""
        found = self.schedule()
        wording = make_wording(found, settings_for(self.forge.folder))
        assert wording
        told = {"title": wording.title, "body": wording.body, "trailers": wording.trailers}
        inputs = self.forge.branch_inputs(dict(found.evaluation.files))
        GitOpsBranch().create({**inputs, **told}, quiet)
        self.pulls += 1
        self.forge.forge().merge(self.pulls)
        return found

    def delivered(self) -> Delivered:
        """Return what was merged last."""
        gitops = self.forge.path("gitops")
        merge = read_commit(gitops, self.forge.head("gitops", "dev"))
        return read_delivered(str(gitops), merge.parents[1])

    def edit(self, content: str, path: str, old: str, new: str) -> str:
        """Replace a text in a file of a source; return the commit."""
        text = self.text(content, path)
        assert old in text
        return self.forge.commit(content, "main", {path: text.replace(old, new).encode()})

    def text(self, content: str, path: str) -> str:
        source = PlatformRepositories(settings_for(self.forge.folder)).read(
            Pointer(repo=f"{URL}{content}", branch="main")
        )
        return source.files[path].decode()

    def break_application(self) -> str:
        return self.forge.commit("app-src", "main", {WORKLOAD: b"kind: [\n"})

    def refused(self, **config: str) -> tuple[Problem, ...]:
        with pytest.raises(Problems) as caught:
            self.schedule(**config)
        return caught.value.problems


@pytest.fixture
def platform(made_forge: SampleForge) -> Platform:
    """A platform on which nothing was delivered."""
    return Platform(made_forge)


@pytest.fixture
def live(platform: Platform) -> Platform:
    """A platform whose first pull request is merged."""
    platform.deliver()
    return platform


def only(found: Schedule) -> HeldSource:
    (held,) = found.run.held
    return held


def test_a_source_that_cannot_be_read_stays_and_the_change_of_another_team_is_delivered(
    live: Platform,
) -> None:
    before = dict(live.schedule().evaluation.files)
    good = live.forge.head("app-src", "main")
    broken = live.break_application()
    live.edit("svc-src", SERVICE, "./prometheus", "./prometheus-2")
    found = live.schedule()
    assert (only(found).repository, only(found).branch) == (f"{URL}app-src", "main")
    assert (only(found).commit, only(found).newest) == (good, broken)
    changed = {path for path, text in found.evaluation.files.items() if before.get(path) != text}
    assert changed == {"large/observability-prometheus/reconciler.yaml"}
    assert f"{FUNCTIONAL}/reconciler.yaml" in found.evaluation.files


def test_the_warnings_say_what_is_held_at_which_commit_and_why(live: Platform) -> None:
    good = live.forge.head("app-src", "main")
    broken = live.break_application()
    first, second = live.schedule().warnings[-2:]
    assert str(first) == (
        "kalypso-control-plane@main:workloads/hello-world-app.yaml:9:5: warning: the application"
        f" source {URL}app-src, branch main, is held at {good[:10]}, as last delivered, because its"
        f" commit {broken[:10]} has 1 error [source-held]\n"
        "  hint: the rest is delivered; with the setting sources.onError: stop, nothing would be"
    )
    assert (second.code, second.severity) == ("yaml-syntax", "warning")
    assert second.at.file == "kalypso-app-src@main:workload/workload.yaml"


def test_with_the_setting_stop_nothing_is_delivered(live: Platform) -> None:
    live.break_application()
    (problem,) = live.refused(**{"sources.onError": "stop"})
    assert (problem.code, problem.severity) == ("yaml-syntax", "error")


@pytest.mark.parametrize(
    "edit",
    [
        ("name: functional-test", "name: Functional_Test"),
        ("branch: dev\n        path: ./functional-test", "branch: '{{ .Repo }}'"),
        (
            "environment: dev\n      manifests:\n        repo",
            "environmnt: dev\n      manifests:\n  ",
        ),
        ("deploymentTargets:", "deploymentTargets: []\n  targets:"),
        ("name: performance-test", "name: functional-test"),
    ],
    ids=["bad-name", "template", "not-yaml", "no-targets", "twins"],
)
def test_every_fault_in_its_files_holds_a_source(live: Platform, edit: tuple[str, str]) -> None:
    good = live.forge.head("app-src", "main")
    live.edit("app-src", WORKLOAD, *edit)
    found = live.schedule(strict="true")
    assert only(found).commit == good
    assert found.planned.changes == ()


def test_a_name_that_belongs_to_another_team_holds_the_one_that_takes_it(live: Platform) -> None:
    twin = live.text("app-src", WORKLOAD)
    live.forge.commit("svc-src", "main", {"workloads/twin.yaml": twin.encode()})
    live.edit("app-src", WORKLOAD, "family: force", "family: power")
    found = live.schedule()
    assert only(found).repository == f"{URL}svc-src"
    assert [problem.code for problem in only(found).problems] == ["duplicate-object"]


def test_two_faulty_sources_are_both_held(live: Platform) -> None:
    live.break_application()
    live.forge.commit("svc-src", "main", {SERVICE: b"- not an object\n"})
    found = live.schedule()
    assert [each.repository for each in found.run.held] == [f"{URL}app-src", f"{URL}svc-src"]
    assert found.planned.changes == ()


def test_a_source_that_was_never_delivered_is_left_out(live: Platform) -> None:
    live.forge.commit("app-gitops", "main", {"workload/workload.yaml": b"kind: [\n"})
    live.promote(register("second", "app-gitops"))
    found = live.schedule()
    assert (only(found).repository, only(found).commit) == (f"{URL}app-gitops", "")
    (warning,) = [each for each in found.warnings if each.code == "source-left-out"]
    assert "is left out, because nothing of it was ever delivered and its commit" in str(warning)
    assert f"{FUNCTIONAL}/reconciler.yaml" in found.evaluation.files


def test_a_new_source_that_breaks_a_template_which_works_for_others_is_left_out(
    live: Platform,
) -> None:
    text = live.text("app-src", WORKLOAD).replace("hello-world-app", "second")
    attack = text.replace("path: ./functional-test", 'path: "./x\\n---\\nkind: Secret"')
    assert attack != text
    live.forge.commit("app-gitops", "main", {"workload/workload.yaml": attack.encode()})
    template = live.text("control-plane", TEMPLATE)
    unquoted = template.replace("{{ quote .Manifests.path }}", "{{ .Manifests.path }}")
    assert unquoted != template
    live.promote({**register("second", "app-gitops"), TEMPLATE: unquoted.encode()})
    found = live.schedule()
    assert (only(found).repository, only(found).commit) == (f"{URL}app-gitops", "")
    assert [problem.code for problem in only(found).problems] == ["not-yaml"]


def test_before_the_first_delivery_a_faulty_source_is_left_out(platform: Platform) -> None:
    platform.break_application()
    found = platform.schedule()
    assert (only(found).repository, only(found).commit) == (f"{URL}app-src", "")
    assert [each.folder for each in found.evaluation.assignments] == [
        "large/observability-prometheus"
    ]


def test_a_platform_that_is_wrong_before_the_first_delivery_leaves_nobody_out(
    platform: Platform,
) -> None:
    platform.forge.commit("control-plane", "dev", SCHEMA)
    assert {problem.code for problem in platform.refused()} == {"schema-violation"}


def test_a_change_of_the_platform_that_breaks_a_source_stops_the_run(live: Platform) -> None:
    live.edit("app-src", WORKLOAD, "family: force", "family: power")
    live.forge.commit("control-plane", "dev", SCHEMA)
    assert {problem.code for problem in live.refused()} == {"schema-violation"}


def test_an_error_of_the_platform_beside_a_faulty_source_stops_the_run_with_both(
    live: Platform,
) -> None:
    live.break_application()
    live.forge.commit("control-plane", "dev", {"scheduling/broken.yaml": b"kind: [\n"})
    files = [problem.at.file for problem in live.refused()]
    assert files == [
        "kalypso-app-src@main:workload/workload.yaml",
        "kalypso-control-plane@dev:scheduling/broken.yaml",
    ]


def test_a_source_that_does_not_answer_is_held_if_its_commit_can_be_had(live: Platform) -> None:
    good = live.forge.head("app-src", "main")
    (live.forge.path("app-src") / "refs/heads/main").rename(
        live.forge.path("app-src") / "refs/heads/elsewhere"
    )
    found = live.schedule()
    assert (only(found).commit, only(found).newest) == (good, "")
    assert found.planned.changes == ()
    (warning,) = [each for each in found.warnings if each.code == "source-held"]
    assert "as last delivered, because it does not answer" in str(warning)


def test_a_source_whose_commit_is_gone_is_never_removed_but_stops_the_run(live: Platform) -> None:
    repository, good = live.forge.path("app-src"), live.forge.head("app-src", "main")
    (repository / "refs/heads/main").rename(repository / "refs/heads/elsewhere")
    (repository / "objects" / good[:2] / good[2:]).unlink()
    (problem,) = live.refused()
    assert "the workload of 'hello-world-app' cannot be read" in problem.message


def test_a_source_that_never_answered_stops_the_run(live: Platform) -> None:
    live.promote(register("second", "nowhere"))
    assert [problem.code for problem in live.refused()] == ["no-repository"]


def test_a_registration_that_is_removed_takes_its_assignments_along(live: Platform) -> None:
    live.break_application()
    live.promote({"workloads/hello-world-app.yaml": None})
    found = live.schedule(**{"limits.share": "1"})  # two of three go
    assert found.run.held == ()
    assert [each.folder for each in found.evaluation.assignments] == [
        "large/observability-prometheus"
    ]


def test_a_commit_that_the_platform_chose_is_not_exchanged_for_another(live: Platform) -> None:
    broken = live.break_application()
    text = REGISTRATION["main"]["workloads/hello-world-app.yaml"]
    pinned = text.replace("    branch: main\n", f"    branch: main\n    commit: {broken}\n")
    live.promote({"workloads/hello-world-app.yaml": pinned.encode()})
    problems = live.refused(strict="true")
    assert problems


def test_a_branch_that_another_program_wrote_holds_nothing(platform: Platform) -> None:
    folder = "large/observability-prometheus"
    files: dict[str, Content] = {
        f"{folder}/reconciler.yaml": b"kind: A\n",
        f"{folder}/namespace.yaml": b"kind: B\n",
        f"{folder}/config.yaml": b"kind: C\n",
    }
    platform.forge.commit("gitops", "dev", files)
    platform.break_application()
    assert [problem.code for problem in platform.refused()] == ["yaml-syntax"]


def test_a_source_that_is_fixed_is_taken_again(live: Platform) -> None:
    text = live.text("app-src", WORKLOAD)
    live.break_application()
    assert live.schedule().run.held
    fixed = text.replace("./functional-test", "./functional-test-2")
    live.forge.commit("app-src", "main", {WORKLOAD: fixed.encode()})
    found = live.schedule()
    assert found.run.held == ()
    assert [change.path for change in found.planned.changes] == [f"{FUNCTIONAL}/reconciler.yaml"]


def test_what_is_delivered_while_a_source_is_held_is_proven_and_keeps_holding_it(
    live: Platform,
) -> None:
    good = live.forge.head("app-src", "main")
    live.break_application()
    live.edit("svc-src", SERVICE, "./prometheus", "./prometheus-2")
    live.deliver()
    delivered = live.delivered()
    assert [(each.repository, each.commit, each.code) for each in delivered.made_of.held] == [
        (f"{URL}app-src", good, "yaml-syntax")
    ]
    assert verify(delivered, PlatformRepositories(settings_for(live.forge.folder))).proven
    found = live.schedule()
    assert only(found).commit == good
    assert found.planned.changes == ()


def test_what_is_delivered_without_a_source_is_proven(platform: Platform) -> None:
    platform.break_application()
    platform.deliver()
    delivered = platform.delivered()
    assert [each.commit for each in delivered.made_of.held] == [""]
    assert verify(delivered, PlatformRepositories(settings_for(platform.forge.folder))).proven


def test_the_pull_request_says_which_source_is_held_and_the_commit_names_it(
    live: Platform,
) -> None:
    good = live.forge.head("app-src", "main")
    broken = live.break_application()
    live.edit("svc-src", SERVICE, "./prometheus", "./prometheus-2")
    wording = make_wording(live.schedule(), settings_for(live.forge.folder))
    assert wording
    assert wording.body.startswith("> [!WARNING]\n> 1 application source is not up to date.\n")
    assert f"held at <code>{good[:10]}</code>, as last delivered" in wording.body
    assert f"<code>{broken[:10]}</code> is refused" in wording.body
    assert "(yaml-syntax)" in wording.body
    assert f"Kalypso-Held: {URL}app-src@{good} main (yaml-syntax)\n" in wording.trailers
    assert f"Kalypso-Workload: {URL}app-src@{good} main\n" in wording.trailers


def test_each_assignment_of_a_held_source_has_an_issue_until_it_is_fixed(live: Platform) -> None:
    settings = settings_for(live.forge.folder)
    text, good = live.text("app-src", WORKLOAD), live.forge.head("app-src", "main")
    live.break_application()
    found = live.schedule()
    assert settle_after_success(settings, found.run).settled.opened == (1, 2)
    control_plane = settings.forge.place(f"{URL}control-plane")
    assert control_plane
    tracker = control_plane.issues(settings.access)
    bodies = {issue.title: issue.body for issue in tracker.open_issues()}
    body = bodies["hello-world-app-functional-test on drone fails in dev"]
    assert f"read at the commit `{good[:10]}`, from which it was last delivered." in body
    assert "Nothing is delivered" not in body
    live.forge.commit("app-src", "main", {WORKLOAD: f"{text}\n".encode()})
    assert settle_after_success(settings, live.schedule().run).settled.closed == (1, 2)


def test_the_output_names_the_commits_and_the_first_problem(live: Platform) -> None:
    good = live.forge.head("app-src", "main")
    broken = live.break_application()
    ((name, shown),) = held_output(live.schedule().run.held).items()
    assert name == f"{shown['repository']}@{shown['branch']}"
    assert shown.pop("message")
    assert shown == {
        "repository": f"{URL}app-src",
        "branch": "main",
        "commit": good,
        "newest": broken,
        "code": "yaml-syntax",
    }


def test_a_good_model_asks_nothing_about_deliveries(
    live: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("kalypso.stack.holding.last_delivered", asked)
    monkeypatch.setenv("KALYPSO_NO_CACHE", "1")
    assert live.schedule().run.held == ()


def test_what_is_held_is_tried_again_by_each_run(live: Platform) -> None:
    text = live.text("app-src", WORKLOAD)
    live.break_application()
    assert live.schedule().held
    assert live.schedule().held
    live.forge.commit("app-src", "main", {WORKLOAD: text.encode()})
    assert live.schedule().held == ()
