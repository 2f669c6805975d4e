"""An unchanged model is not evaluated again; whatever is wrong with the cache costs only time."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from components.provider.gitops_branch import GitOpsBranch
from kalypso.errors import KalypsoError
from kalypso.evaluation import Request, Run
from kalypso.git.run import git
from kalypso.git.trees import has_object, id_of, tree_of
from kalypso.git.write import RefUpdate, Signature, update_refs, write_commit
from kalypso.stack import memo, stack_model
from kalypso.stack.holding import evaluate_stack
from kalypso.stack.schedule import Schedule, make_schedule
from kalypso.stack.settings import Settings
from kalypso.stack.sources import PlatformRepositories
from kalypso.stack.summary import Summary
from tests.stack.forge import SampleForge, quiet, settings_for

POLICY = "scheduling/platform-services/observability-policy.yaml"


class Counted:
    """Schedules, and counts how often the model is evaluated for that."""

    def __init__(self, forge: SampleForge, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.forge, self.cache, self.times, self.patch = forge, folder / "cache", 0, patch
        patch.setenv("XDG_CACHE_HOME", str(self.cache))
        patch.setattr(stack_model, "evaluate_stack", self._evaluate)

    def _evaluate(
        self, request: Request, settings: Settings, repositories: PlatformRepositories
    ) -> Run:
        self.times += 1
        return evaluate_stack(request, settings, repositories)

    def __call__(self, **config: str) -> tuple[int, Schedule]:
        """Schedule; return how many evaluations that took."""
        self.times = 0
        found = make_schedule(settings_for(self.forge.folder, **config))
        return self.times, found

    @property
    def kept(self) -> Path:
        """The record of the only stack."""
        (file,) = self.cache.rglob("evaluated/*.json")
        return file


@pytest.fixture
def run(made_forge: SampleForge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(made_forge, tmp_path, monkeypatch)


def test_other_secrets_of_workflows_need_no_evaluation(run: Counted) -> None:
    assert run(**{"repositories.secrets": '{"KALYPSO_TOKEN": "one"}'})[0] == 1
    assert run(**{"repositories.secrets": '{"KALYPSO_TOKEN": "two"}'})[0] == 0


def test_an_unchanged_model_is_evaluated_once(run: Counted) -> None:
    first, before = run()
    again, after = run()
    assert (first, again) == (1, 0)
    assert after.summary == before.summary
    assert (after.tree, after.changes) == (before.tree, before.changes)


def test_what_was_merged_needs_no_evaluation(run: Counted, made_forge: SampleForge) -> None:
    _, found = run()
    made_forge.deliver(dict(found.evaluation.files))
    made_forge.forge().merge(1)
    times, found = run()
    assert (times, found.changes) == (0, {})


def test_a_change_of_the_environment_is_seen(run: Counted, made_forge: SampleForge) -> None:
    run()
    made_forge.commit("control-plane", "dev", {POLICY: None})
    times, found = run(**{"limits.removals": "9"})
    assert times == 1
    assert found.summary.totals["assignments"] == 0


def test_a_change_of_a_workload_is_seen(run: Counted, made_forge: SampleForge) -> None:
    run()
    made_forge.commit("svc-src", "main", {"README.md": b"changed\n"})
    assert run()[0] == 1


def test_a_base_that_left_its_branch_is_still_refused(
    run: Counted, made_forge: SampleForge
) -> None:
    run()
    folder = made_forge.path("control-plane")
    other = write_commit(
        folder, parents=[], changes={"a": b"b"}, message="m\n", signature=Signature("A", "a@b", 0)
    )
    update = RefUpdate("refs/heads/main", made_forge.head("control-plane", "main"), other)
    update_refs(folder, [update])
    with pytest.raises(KalypsoError, match="is not on the branch"):
        run()


def test_a_source_that_is_gone_is_told(run: Counted, made_forge: SampleForge) -> None:
    run()
    shutil.rmtree(made_forge.path("svc-src"))
    run()
    assert run.times == 1


def test_another_setting_is_another_evaluation(run: Counted) -> None:
    run()
    assert run(conventions="operator")[0] == 1
    assert run()[0] == 0


def test_another_program_is_another_evaluation(run: Counted) -> None:
    run()
    run.patch.setattr(memo, "_program", lambda: ["another"])
    assert run()[0] == 1


def test_templates_that_do_not_repeat_are_evaluated_each_time(run: Counted) -> None:
    allowed = {"templates.allow": '["now"]'}
    assert [run(**allowed)[0], run(**allowed)[0]] == [1, 1]


def test_without_the_cache_everything_is_evaluated_and_nothing_is_kept(run: Counted) -> None:
    run()
    run.patch.setenv(memo.OFF, "1")
    kept = run.kept.stat().st_mtime_ns
    assert run()[0] == 1
    assert run.kept.stat().st_mtime_ns == kept


def signed(body: bytes) -> bytes:
    """Return a record as the program writes it."""
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut short": lambda kept: kept[: len(kept) // 2],
    "no text": lambda _: b"\xff\xfe\x00",
    "another tree": lambda kept: kept.replace(b'"manifests":"', b'"manifests":"0'),
    "a list": lambda _: signed(b"[]"),
    "nothing read": lambda _: signed(b'{"readings":[],"summary":{}}'),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_record_costs_an_evaluation_and_nothing_else(run: Counted, damage: str) -> None:
    _, before = run()
    run.kept.write_bytes(DAMAGES[damage](run.kept.read_bytes()))
    times, after = run()
    assert times == 1
    assert after.summary == before.summary
    assert run()[0] == 0


def test_a_record_that_was_changed_is_not_believed(run: Counted, made_forge: SampleForge) -> None:
    _, before = run()
    other = tree_of(made_forge.path("gitops"), "dev")
    run.kept.write_bytes(run.kept.read_bytes().replace(before.manifests.encode(), other.encode()))
    times, after = run()
    assert (times, after.manifests) == (1, before.manifests)


def test_a_record_of_other_commits_is_not_believed(run: Counted, made_forge: SampleForge) -> None:
    run()
    stale = run.kept.read_bytes()
    made_forge.commit("control-plane", "dev", {POLICY: None})
    run(**{"limits.removals": "9"})
    for file in run.cache.rglob("evaluated/*.json"):
        file.write_bytes(stale)
    times, found = run(**{"limits.removals": "9"})
    assert (times, found.summary.totals["assignments"]) == (1, 0)


def test_a_cache_that_cannot_be_written_stops_nothing(run: Counted) -> None:
    run.cache.mkdir()
    (run.cache / "kalypso").write_text("a file in the way")
    assert [run()[0], run()[0]] == [1, 1]


def prune(forge: SampleForge) -> None:
    """Remove all that no branch holds, as `git gc` may at any time."""
    folder = forge.path("gitops")
    refs = git("for-each-ref", "--format=%(refname)", "refs/kalypso", repository=folder)
    for ref in refs.decode().split():
        git("update-ref", "-d", ref, repository=folder)
    git("repack", "-adq", repository=folder)
    git("prune", "--expire=now", repository=folder)


def test_manifests_that_were_pruned_are_written_again(
    run: Counted, made_forge: SampleForge
) -> None:
    _, before = run()
    prune(made_forge)
    times, after = run()
    assert (times, after.changes) == (1, before.changes)


def test_manifests_that_were_pruned_in_part_are_written_again(
    run: Counted, made_forge: SampleForge
) -> None:
    _, before = run()
    change = before.changes["large/observability-prometheus/config.yaml"]
    lost = id_of(change.after)
    (made_forge.path("gitops") / "objects" / lost[:2] / lost[2:]).unlink()
    times, after = run()
    assert (times, after.changes) == (1, before.changes)
    assert has_object(made_forge.path("gitops"), lost)


def test_gc_leaves_alone_what_a_run_needs(run: Counted, made_forge: SampleForge) -> None:
    run()
    git("gc", "--quiet", "--prune=now", repository=made_forge.path("gitops"))
    times, found = run()
    assert times == 0
    assert isinstance(found.summary, Summary)
    inputs = made_forge.branch_inputs({})
    named = {"manifests": found.manifests, "content": found.content, "tree": found.tree}
    assert GitOpsBranch().create({**inputs, **named}, quiet).state["pullRequest"] == 1
