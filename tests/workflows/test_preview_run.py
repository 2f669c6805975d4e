"""A pull request to the control plane, step by step as GitHub runs them; the engine is played."""

import pytest

from tests.workflows.conftest import SECRETS, PlayedEngine
from tests.workflows.events import Changes, commit, open_fork, open_pull, pull_request
from tests.workflows.machine import JobRun
from tests.workflows.organization import READS, WRITES, Organization

CONFIG = "cluster-types/west-us/west-us-config.yaml"
POLICY = "scheduling/platform-services/observability-policy.yaml"
BROKEN = {"broken.yaml": b"kind: [\n"}
STEPS = [
    "Check out the change, with the branch that it goes to",
    "Check out the program",
    "actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065",
    "Set up the program",
    "Preview",
    "Summary",
    "Report",
    "Comment",
]
SECRET = (*SECRETS.values(), READS, WRITES)
REFUSED = """\
Previewing update (dev):
error: dev:1:1: this would remove the only assignment of 'dev' [too-many-removals]
  large (1): observability-prometheus
  hint: if exactly this is wanted, set limits.acknowledge to fc3e341f37c1
  pulumi:pulumi:Stack: (same)
"""


def west(acme: Organization, name: str = "West Europe") -> Changes:
    return {CONFIG: acme.text("dev", CONFIG).replace("West US", name).encode()}


def preview(acme: Organization, changes: Changes, base: str = "dev") -> list[JobRun]:
    """Open a pull request and run what it starts."""
    pull = open_pull(acme.control_plane, base, "change", changes)
    return acme.machine.react(pull_request(acme.control_plane, pull.number))


def comments(acme: Organization, number: int = 1) -> list[str]:
    return [comment.body for comment in acme.control_plane.comments_on(number)]


def outcomes(run: JobRun) -> dict[str, str]:
    return {step.name: step.outcome for step in run.steps if step.outcome != "success"}


def seen(run: JobRun) -> str:
    """Return all that a job was given and all that it said."""
    return run.log + run.summary + str(run.artifacts) + str([s.environment for s in run.steps])


def test_every_step_runs_and_one_comment_says_what_changes(
    acme: Organization, played_engine: PlayedEngine
) -> None:
    (run,) = preview(acme, west(acme))
    assert [step.name for step in run.steps] == STEPS
    assert outcomes(run) == {}, run.log
    (comment,) = comments(acme)
    assert comment.startswith("<!-- kalypso-diff:dev -->\n\n### <code>dev</code>: ")
    assert "**0 removed, 1 changed" in comment
    assert "<code>ConfigMap west-us-config</code>" in comment
    assert comment.index("REGION") < comment.index("<code>pulumi preview --diff</code>: 21 unch")
    (call,) = played_engine.calls
    work = acme.machine.folder / "work"
    assert call == (
        f"{work}/program: preview --stack dev --diff --non-interactive --color never"
        f" --config model.folder={work}/model"
    )


def test_a_later_push_edits_the_comment(acme: Organization) -> None:
    preview(acme, west(acme))
    commit(acme.control_plane, "change", west(acme, "West Asia"))
    acme.machine.react(pull_request(acme.control_plane, 1))
    (comment,) = comments(acme)
    assert "West Asia" in comment
    assert "West Europe" not in comment


def test_the_summary_and_the_report_hold_what_the_comment_links_to(acme: Organization) -> None:
    (run,) = preview(acme, west(acme))
    assert "ConfigMap west-us-config" in run.summary
    report = run.artifacts["preview-dev"]
    assert "+    REGION: West Europe" in report["diff.txt"]
    assert {"diff.json", "diff.md", "preview.txt", "problems.txt"} < report.keys()
    page = f"{acme.machine.server.url}/acme/kalypso-control-plane/actions/runs/"
    head = acme.control_plane.branches()["change"][:10]
    last = comments(acme)[0].splitlines()[-1]
    assert last.startswith(f"[Full report]({page}")
    assert last.endswith(f") of commit <code>{head}</code>")


def test_a_comment_fits_however_much_the_engine_says_and_the_report_has_all(
    acme: Organization, played_engine: PlayedEngine
) -> None:
    lines = [f"    + line {number} ü" for number in range(60_000)]
    played_engine.plays(0, "\n".join(["Previewing update (dev):", *lines, ""]))
    (run,) = preview(acme, west(acme))
    assert outcomes(run) == {}
    (comment,) = comments(acme)
    assert 50_000 < len(comment) < 65_536
    assert "more lines" in comment
    assert comment.splitlines()[-1].startswith("[Full report](")
    assert len(comment) < len(run.summary.encode()) < 1024 * 1024
    assert "line 59999 ü" in run.artifacts["preview-dev"]["preview.txt"]


def test_a_change_of_main_is_previewed_for_every_environment(
    acme: Organization, played_engine: PlayedEngine
) -> None:
    template = acme.text("main", "templates/argocd.yaml").replace("automated:", "automatic:")
    dev, stage = preview(acme, {"templates/argocd.yaml": template.encode()}, "main")
    assert outcomes(dev) | outcomes(stage) == {}, dev.log + stage.log
    assert [comment[:25] for comment in comments(acme)] == [
        "<!-- kalypso-diff:dev -->",
        "<!-- kalypso-diff:stage -",
    ]
    assert "Template argocd" in comments(acme)[0]
    base = f"--config model.base={acme.machine.folder}/work/model"
    assert [call.partition(" --diff")[2].endswith(base) for call in played_engine.calls] == [
        True
    ] * 2


def test_options_of_the_stack_are_options_of_the_preview(acme: Organization) -> None:
    acme.machine.variables["KALYPSO_OPTIONS"] = "--conventions operator --strict"
    try:
        (run,) = preview(acme, west(acme))
    finally:
        del acme.machine.variables["KALYPSO_OPTIONS"]
    assert outcomes(run) == {}, run.log
    assert "+++ b/large/observability-prometheus/platform-config.yaml" in comments(acme)[0]


def test_an_error_annotates_its_line_and_fails_the_job(
    acme: Organization, played_engine: PlayedEngine
) -> None:
    (run,) = preview(acme, {**west(acme), **BROKEN})
    assert outcomes(run) == {"Preview": "failure"}
    (error,) = [line for line in run.annotations if line.startswith("::error")]
    assert error.startswith("::error file=broken.yaml,line=2,col=1,title=yaml-syntax::")
    assert "**<code>dev</code>: the model has errors**" in comments(acme)[0]
    assert "broken.yaml:2" in run.summary
    assert played_engine.calls == []


def test_an_error_of_main_annotates_its_line_too(acme: Organization) -> None:
    dev, stage = preview(acme, {"templates/argocd.yaml": b"kind: [\n"}, "main")
    for run in (dev, stage):
        assert "::error file=templates/argocd.yaml,line=2," in run.log
        assert not run.good


def test_warnings_mark_only_files_that_the_change_touches(acme: Organization) -> None:
    drone = "cluster-types/east-us/drone/drone-cluster-type.yaml"
    text = acme.text("dev", drone).replace("kind:", "# touched\nkind:", 1)
    (run,) = preview(acme, {drone: text.encode()})
    assert run.annotations
    assert {line.partition(",")[0] for line in run.annotations} == {f"::warning file={drone}"}
    assert "small-config.yaml" in run.artifacts["preview-dev"]["problems.txt"]


def test_removals_above_the_limit_are_marked_and_fail_nothing(
    acme: Organization, played_engine: PlayedEngine
) -> None:
    played_engine.plays(255, REFUSED)
    (run,) = preview(acme, {POLICY: None})
    assert outcomes(run) == {}
    assert any(line.startswith("::warning title=too-many-rem") for line in run.annotations)
    (comment,) = comments(acme)
    removed, refused = "> **1 assignment would be removed", "> **This would remove the only"
    assert comment.count("[!CAUTION]") == 1
    assert comment.index(refused) < comment.index(removed) < comment.index("1 removed,")
    assert comment.index("1 removed,") < comment.index("| change |")
    assert "> pulumi config set kalypso:limits.acknowledge fc3e341f37c1 --stack dev\n" in comment


def test_why_the_engine_failed_is_in_the_comment(
    acme: Organization, played_engine: PlayedEngine
) -> None:
    played_engine.plays(255, "error: the stack is currently locked by 1 lock(s)\n")
    (run,) = preview(acme, west(acme))
    assert outcomes(run) == {"Preview": "failure"}
    (comment,) = comments(acme)
    assert comment.index("</code> failed**") < comment.index("1 changed")
    assert "> ```\n> the stack is currently locked by 1 lock(s)\n> ```" in comment


def test_a_problem_that_only_the_engine_finds_annotates_its_line(
    acme: Organization, played_engine: PlayedEngine
) -> None:
    model = acme.machine.folder / "work" / "model"
    played_engine.plays(255, f"error: {model}/a.yaml:2:1: odd [load]\n  hint: fix it\n")
    (run,) = preview(acme, west(acme))
    assert run.annotations == ["::error file=a.yaml,line=2,col=1,title=load::odd"]
    assert "> ```\n> a.yaml:2:1: odd [load]\n>   hint: fix it\n> ```" in comments(acme)[0]


def test_a_second_error_is_not_hidden_by_a_refusal_of_removals(
    acme: Organization, played_engine: PlayedEngine
) -> None:
    played_engine.plays(255, f"{REFUSED}error: and something else\n")
    (run,) = preview(acme, {POLICY: None})
    assert outcomes(run) == {"Preview": "failure"}


def test_no_line_of_a_model_is_a_command_to_the_runner(
    acme: Organization, played_engine: PlayedEngine
) -> None:
    planted = "  ::stop-commands::x\n::error file=a::b\n  ##[error]c\n"
    played_engine.plays(0, f"Previewing update (dev)\n{planted}")
    (run,) = preview(acme, west(acme))
    assert run.annotations == []
    assert not [line for line in run.log.splitlines() if line.strip().startswith(("::", "##["))]
    assert planted in run.artifacts["preview-dev"]["preview.txt"]


def test_a_change_that_repairs_a_broken_branch_is_previewed(
    acme: Organization, played_engine: PlayedEngine
) -> None:
    commit(acme.control_plane, "dev", BROKEN)
    (run,) = preview(acme, {"broken.yaml": None})
    assert outcomes(run) == {}, run.log
    (comment,) = comments(acme)
    assert "There is no comparison" in comment
    assert "broken.yaml:2" in comment
    assert len(played_engine.calls) == 1


@pytest.mark.parametrize("careless", [False, True])
def test_a_fork_gets_no_secret_no_engine_and_no_comment(
    acme: Organization, played_engine: PlayedEngine, *, careless: bool
) -> None:
    acme.machine.careless = careless
    open_fork(acme.control_plane, "dev", west(acme))
    (run,) = acme.machine.react(pull_request(acme.control_plane, 1))
    assert outcomes(run) == {"Comment": "skipped"}, run.log
    assert "ConfigMap west-us-config" in run.summary
    assert "diff.txt" in run.artifacts["preview-dev"]
    assert [secret for secret in SECRET if secret in seen(run)] == []
    assert played_engine.calls == []
    assert comments(acme) == []


def test_an_error_of_a_fork_annotates_its_line_and_fails_the_job(acme: Organization) -> None:
    open_fork(acme.control_plane, "dev", BROKEN)
    (run,) = acme.machine.react(pull_request(acme.control_plane, 1))
    assert outcomes(run) == {"Preview": "failure", "Comment": "skipped"}
    assert "::error file=broken.yaml,line=2," in run.log


def test_a_bot_that_github_gives_no_secrets_is_treated_like_a_fork(
    acme: Organization, played_engine: PlayedEngine
) -> None:
    pull = open_pull(acme.control_plane, "dev", "change", west(acme))
    pull.user = "dependabot[bot]"
    (run,) = acme.machine.react(pull_request(acme.control_plane, 1))
    assert outcomes(run) == {"Comment": "skipped"}
    assert [secret for secret in SECRET if secret in seen(run)] == []
    assert played_engine.calls == []


def test_secrets_are_seen_by_the_preview_alone_and_printed_by_nobody(acme: Organization) -> None:
    (run,) = preview(acme, west(acme))
    holders = {
        step.name
        for step in run.steps
        if any(secret in step.environment.values() for secret in SECRET)
    }
    assert holders == {"Check out the program", "Preview"}
    told = run.log + run.summary + str(run.artifacts) + str(comments(acme))
    assert [secret for secret in SECRET if secret in told] == []
    assert WRITES not in seen(run)


def test_a_set_up_that_fails_is_what_fails(acme: Organization) -> None:
    program = acme.repository("kalypso-program")
    commit(program, "broken", {"requirements-github.txt": b"no-such-package==1\n"}, "main")
    acme.machine.variables["KALYPSO_PROGRAM_REF"] = "broken"
    try:
        (run,) = preview(acme, west(acme))
    finally:
        acme.machine.variables["KALYPSO_PROGRAM_REF"] = "v1"
    assert outcomes(run) == {"Set up the program": "failure", "Preview": "skipped"}
    assert comments(acme) == []


def test_runs_for_several_environments_do_not_end_each_other(acme: Organization) -> None:
    runs = preview(acme, {"templates/note.txt": b"x\n"}, "main")
    assert [run.concurrency["group"] for run in runs] == ["preview-1-dev", "preview-1-stage"]


@pytest.mark.parametrize("base", ["release", "deployment/dev"])
def test_a_pull_request_to_another_branch_starts_nothing(acme: Organization, base: str) -> None:
    commit(acme.control_plane, base, {"a.txt": b"a\n"}, "dev")
    assert preview(acme, {"b.txt": b"b\n"}, base) == []
