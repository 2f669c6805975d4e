"""`kalypso promote`: a commit, a pull request where the branch is protected, a dry run."""

from __future__ import annotations

from tests.chain.platform import Platform

PROTECTED = """\
#!/bin/sh
while read old new ref; do
  if [ "$ref" = refs/heads/dev ]; then
    echo "GH006: Protected branch update failed for refs/heads/dev." >&2
    exit 1
  fi
done
"""


def test_a_dry_run_shows_what_an_environment_gets_and_the_gate_before_it(local: Platform) -> None:
    template = local.read("control-plane", "main", "templates/namespace.yaml")
    changed = template.replace("labels:", "labels:\n          cost: shared", 1)
    commit = local.commit("control-plane", "main", {"templates/namespace.yaml": changed.encode()})
    before = local.head("control-plane", "stage")
    result = local.types("promote", "-e", "stage", "--commit", commit, "--dry-run")
    assert result.code == 1
    assert result.out.startswith(
        f"stage: fail: dev has not promoted {commit[:7]}\n"
        f"would change stage: main {local.base('stage')[:7]} to {commit[:7]} in base-repo.yaml\n"
        f"the gate before it: dev: main {commit[:7]} has not arrived\n"
    )
    assert "large/observability-prometheus" in result.out
    assert "+    cost: shared" in result.out
    local.passes("dev", commit)
    result = local.types("promote", "-e", "stage", "--commit", commit, "--dry-run")
    assert result.code == 0
    assert "the gate before it: dev: passed at " in result.out
    assert local.head("control-plane", "stage") == before


def test_a_dry_run_tells_that_the_gate_before_still_waits(local: Platform) -> None:
    commit = local.change_main("one\n")
    local.promote("dev", commit)
    result = local.types("promote", "-e", "stage", "--commit", commit, "--dry-run")
    at = f"main {commit[:7]} (dev {local.head('gitops', 'dev')[:7]})"
    assert f"the gate before it: dev: wait: {at} is healthy on 0 of 1 clusters\n" in result.out
    assert "  large: no record: no report\n" in result.out


def test_a_protected_branch_gets_a_pull_request(github: Platform) -> None:
    hook = github.forge.folder("control-plane") / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(PROTECTED)
    hook.chmod(0o755)
    commit, before = github.change_main("one\n"), github.base("dev")
    for _ in range(2):  # a second run finds the first one's
        result = github.types("promote", "-e", "dev", "--commit", commit)
        assert result.code == 0, result
        assert "opened pull request 1 in acme/kalypso-control-plane; look at it on" in result.out
    assert github.base("dev") == before
    hook.unlink()
    github.merge_all("dev", "control-plane")
    assert github.base("dev") == commit


def test_a_pull_request_may_be_asked_for(local: Platform) -> None:
    commit, before = local.change_main("one\n"), local.base("dev")
    result = local.types("promote", "-e", "dev", "--commit", commit, "--pull-request")
    assert result.out.startswith("opened pull request 1 in kalypso-control-plane; look at it")
    assert local.base("dev") == before
    local.merge_all("dev", "control-plane")
    assert local.base("dev") == commit
