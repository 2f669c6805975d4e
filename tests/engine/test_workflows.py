"""Workflows with the real engine: from a change of the model to one that clusters get.

The runner, the actions and GitHub are stand-ins; shell, program, engine and git are real.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.engine.bench import ROOT, engine_folder, played_pip_folder
from tests.workflows.events import (
    Changes,
    Event,
    commit,
    dispatch,
    open_fork,
    open_pull,
    pull_request,
    push,
)
from tests.workflows.machine import JobRun
from tests.workflows.organization import READS, WRITES, Organization, organization, settings

CONFIG = "cluster-types/west-us/west-us-config.yaml"
POLICY = "scheduling/platform-services/observability-policy.yaml"
PASSPHRASE = "c4nary-passphrase"  # noqa: S105 - opens a state that is thrown away


def make_stack(folder: Path, state: Path, stack: str) -> str:
    """Make a stack as a person does; return the salt that its file then has."""
    folder.mkdir(exist_ok=True)
    (folder / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    environment = {
        **os.environ,
        "PATH": f"{engine_folder()}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "1",
    }
    command = ["pulumi", "stack", "init", stack, "--non-interactive"]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    salt: str = yaml.safe_load((folder / f"Pulumi.{stack}.yaml").read_text())["encryptionsalt"]
    return salt


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organization]:
    """An organization whose stack dev was delivered and merged once, for all tests in turn."""
    folder = tmp_path_factory.mktemp("acme")
    state = folder / "state"
    state.mkdir()
    salts = {stack: make_stack(folder / "admin", state, stack) for stack in ("dev", "stage")}
    secrets = {"PULUMI_BACKEND_URL": state.as_uri(), "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE}
    with organization(folder, [engine_folder()], secrets, salts) as made:
        made.machine.modules = [played_pip_folder()]
        good(made, push(made.control_plane, "dev"))
        made.gitops.merge(1)
        yield made


def use_settings(acme: Organization, **more: str) -> None:
    """Commit other settings of dev to the program, and let the workflows run that commit."""
    program = acme.repository("kalypso-program")
    salt = yaml.safe_load(program.git("show", "v1:Pulumi.dev.yaml"))["encryptionsalt"]
    text = settings(acme.sample, "dev", salt, **more)
    made = commit(program, "settings", {"Pulumi.dev.yaml": text.encode()}, "main")
    acme.machine.variables["KALYPSO_PROGRAM_REF"] = made


def good(acme: Organization, event: Event) -> JobRun:
    """React to an event that starts one job, which does well."""
    (run,) = acme.machine.react(event)
    assert run.good, run.log
    return run


def west(acme: Organization, name: str) -> Changes:
    return {CONFIG: acme.text("dev", CONFIG).replace("West US", name).encode()}


def the_comment(acme: Organization, number: int) -> str:
    (only,) = acme.control_plane.comments_on(number)
    return only.body


def test_what_the_engine_refuses_is_in_the_comment(acme: Organization) -> None:
    control = acme.control_plane
    pull = open_pull(control, "dev", "gone", {POLICY: None})
    run = good(acme, pull_request(control, pull.number))
    assert any(line.startswith("::warning title=too-many-removals") for line in run.annotations)
    comment = the_comment(acme, pull.number)
    assert "> **This would remove the only assignment of <code>dev</code>**" in comment
    assert "more than the limits of the stack allow" in comment
    digest = re.search(
        r"\n> pulumi config set kalypso:limits\.acknowledge (\w{12}) --stack dev\n", comment
    )
    assert digest
    assert digest[1] in run.step("Preview").log

    use_settings(acme, **{"limits.acknowledge": digest[1]})
    good(acme, pull_request(control, pull.number))
    comment = the_comment(acme, pull.number)
    assert "> **1 assignment would be removed from <code>dev</code>.**" in comment
    assert "This would remove" not in comment
    use_settings(acme)

    commit(control, "gone", {"broken.yaml": b"kind: [\n"})
    (broken,) = acme.machine.react(pull_request(control, pull.number))
    assert not broken.good
    assert "::error file=broken.yaml,line=2," in broken.log
    assert "broken.yaml:2" in the_comment(acme, pull.number)


def test_a_model_that_only_the_stack_refuses_is_told_in_the_comment(acme: Organization) -> None:
    template = {
        "apiVersion": "scheduler.kalypso.io/v1alpha1",
        "kind": "Template",
        "metadata": {"name": "note"},
        "spec": {"type": "config", "colour": "red", "manifests": []},
    }
    text = yaml.safe_dump(template, sort_keys=False)
    odd = open_pull(acme.control_plane, "dev", "odd", {"extra.yaml": text.encode()})
    use_settings(acme, strict="true")
    (run,) = acme.machine.react(pull_request(acme.control_plane, odd.number))
    use_settings(acme)
    assert [step.name for step in run.steps if step.outcome == "failure"] == ["Preview"]
    comment = the_comment(acme, odd.number)
    assert "<code>pulumi preview</code> failed**" in comment
    assert "> ```\n> extra.yaml:7:3: " in comment
    assert any(line.startswith("::error file=extra.yaml,line=7,") for line in run.annotations)


def test_a_fork_is_shown_what_it_changes_without_the_engine(acme: Organization) -> None:
    control = acme.control_plane
    pull = open_fork(control, "dev", west(acme, "West Europe"))
    run = good(acme, pull_request(control, pull.number))
    assert "ConfigMap west-us-config" in run.summary
    assert "pulumi preview" not in run.summary
    assert "Previewing update" not in run.log
    assert control.comments_on(pull.number) == []


def test_an_application_teams_call_delivers_every_environment(acme: Organization) -> None:
    runs = acme.machine.react(dispatch(acme.control_plane, "workload-changed"))
    assert [(run.name, run.good) for run in runs] == [("dev", True), ("stage", True)], runs[1].log
    assert {pull.base for pull in acme.gitops.pulls() if pull.state == "open"} <= {"stage"}


def test_a_change_of_main_shows_what_its_promotion_would_do(acme: Organization) -> None:
    path = "templates/argocd.yaml"
    template = acme.text("main", path).replace("automated:", "automatic:")
    pull = open_pull(acme.control_plane, "main", "template", {path: template.encode()})
    runs = acme.machine.react(pull_request(acme.control_plane, pull.number))
    assert [(run.name, run.good) for run in runs] == [("dev", True), ("stage", True)], runs[0].log
    dev, stage = (comment.body for comment in acme.control_plane.comments_on(pull.number))
    assert "<code>Template argocd</code> changed" in dev
    assert re.search(r"\+ automatic *:", dev.partition("pulumi preview --diff")[2])
    assert stage.startswith("<!-- kalypso-diff:stage -->")


def test_from_a_proposed_change_to_manifests_that_are_proven(acme: Organization) -> None:
    control, gitops = acme.control_plane, acme.gitops
    pull = open_pull(control, "dev", "west", west(acme, "West Europe"))
    run = good(acme, pull_request(control, pull.number))
    comment = the_comment(acme, pull.number)
    ours, folded = comment.split("<details><summary><code>pulumi preview --diff</code>")
    assert "**0 removed, 1 changed, 0 added**" in ours
    assert "<code>ConfigMap west-us-config</code>" in ours
    assert folded.startswith(": 1 to update, ")
    assert '"West US" => "West Europe"' in folded
    assert [pull.state for pull in gitops.pulls() if pull.base == "dev"] == ["closed"]

    commit(control, "west", west(acme, "West Asia"))
    good(acme, pull_request(control, pull.number))
    assert '"West US" => "West Asia"' in the_comment(acme, pull.number)

    control.merge(pull.number)
    good(acme, push(control, "dev"))
    (delivered,) = [pull for pull in gitops.pulls() if (pull.base, pull.state) == ("dev", "open")]
    assert delivered.user == "kalypso-bot"
    proof = good(acme, pull_request(gitops, delivered.number))
    assert "files are exactly what the model says" in proof.log

    path = "large/observability-prometheus/config.yaml"
    commit(gitops, "deployment/dev", {path: b"kind: ConfigMap\n"})
    (tampered,) = acme.machine.react(pull_request(gitops, delivered.number))
    assert [step.name for step in tampered.steps if step.outcome == "failure"] == ["Verify"]
    said = run.log + proof.log + tampered.log + comment
    assert [secret for secret in (READS, WRITES, PASSPHRASE) if secret in said] == []
