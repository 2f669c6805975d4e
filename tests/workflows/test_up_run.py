"""What delivers, step by step as GitHub runs it; the engine is played."""

import pytest

from tests.workflows.conftest import SECRETS, PlayedEngine
from tests.workflows.events import Event, commit, dispatch, push, schedule
from tests.workflows.organization import READS, WRITES, Organization

STEPS = [
    "Check out the program",
    "actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065",
    "Set up the program",
    "Up",
]


def event(acme: Organization, name: str) -> Event:
    repository = acme.control_plane
    kind, _, rest = name.partition(" ")
    if kind == "push":
        return push(repository, rest)
    return schedule(repository) if kind == "schedule" else dispatch(repository, rest)


@pytest.mark.parametrize(
    ("what", "stacks"),
    [
        ("push dev", ["dev"]),
        ("push stage", ["stage"]),
        ("push main", ["dev", "stage"]),
        ("schedule", ["dev", "stage"]),
        ("dispatch workload-changed", ["dev", "stage"]),
        ("dispatch something-else", []),
        ("push wip", []),
    ],
)
def test_an_event_delivers_the_environments_that_it_concerns(
    acme: Organization, played_engine: PlayedEngine, what: str, stacks: list[str]
) -> None:
    commit(acme.control_plane, "wip", {"a.txt": b"a\n"}, "dev")
    everything = acme.machine.react(event(acme, what))
    runs = [run for run in everything if str(run.concurrency["group"]).startswith("stack-")]
    assert [step.outcome for run in runs for step in run.steps] == ["success"] * 4 * len(stacks)
    program = f"{acme.machine.folder}/work/program"
    assert played_engine.calls == [
        f"{program}: up --stack {stack} --yes --skip-preview --non-interactive --color never"
        for stack in stacks
    ]
    assert [run.concurrency for run in runs] == [
        {"group": f"stack-{stack}", "cancel-in-progress": False} for stack in stacks
    ]


def test_an_engine_that_fails_fails_the_job(
    acme: Organization, played_engine: PlayedEngine
) -> None:
    played_engine.plays(1, "error: boom\n")
    (run,) = acme.machine.react(push(acme.control_plane, "dev"))
    assert [step.name for step in run.steps] == STEPS
    assert [step.outcome for step in run.steps] == ["success", "success", "success", "failure"]


def test_one_environment_that_fails_does_not_keep_the_others(
    acme: Organization, played_engine: PlayedEngine
) -> None:
    played_engine.plays(1, "error: boom\n")
    acme.machine.react(schedule(acme.control_plane))
    assert len(played_engine.calls) == 2


def test_only_the_last_step_sees_the_state_and_nobody_prints_a_secret(
    acme: Organization,
) -> None:
    (run,) = acme.machine.react(push(acme.control_plane, "dev"))
    for name, secret in SECRETS.items():
        assert [step.name for step in run.steps if secret in step.environment.values()] == ["Up"]
        assert run.step("Up").environment[name] == secret
    assert run.step("Up").environment["GITHUB_TOKEN"] == WRITES
    assert [secret for secret in (*SECRETS.values(), WRITES, READS) if secret in run.log] == []


def test_without_its_secret_nothing_is_delivered_with_the_token_of_the_run(
    acme: Organization,
) -> None:
    kept = acme.machine.secrets.pop("KALYPSO_TOKEN")
    try:
        (run,) = acme.machine.react(push(acme.control_plane, "dev"))
    finally:
        acme.machine.secrets["KALYPSO_TOKEN"] = kept
    assert run.step("Up").environment["GITHUB_TOKEN"] == ""
