"""Which sources are held: those to blame, the fewest of them, and found in bounded time."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from kalypso.errors import Problems, SourceError
from kalypso.evaluation import Request, Run, evaluate_holding, evaluate_into
from kalypso.loading import ControlPlane
from kalypso.model import Pointer, Source

URL = "https://git.example.com/"
OLD, NEW = "1" * 40, "2" * 40
BASE = f"""\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: BaseRepo
metadata: {{name: main}}
spec: {{repo: {URL}base, branch: main}}
---
apiVersion: scheduler.kalypso.io/v1alpha1
kind: GitOpsRepo
metadata: {{name: gitops}}
spec: {{repo: {URL}gitops, branch: dev}}
"""
REGISTRATION = """\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: WorkloadRegistration
metadata: {{name: {name}}}
spec:
  workspace: {name}
  workload: {{repo: {repository}, branch: main, path: .}}
"""
WORKLOAD = """\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: Workload
metadata: {{name: {name}}}
spec:
  deploymentTargets: []
"""
BROKEN = b"kind: [\n"


def workload(name: str) -> bytes:
    return WORKLOAD.format(name=name).encode()


@dataclass
class World:
    """A control plane with applications, each with a last delivered and a newest commit."""

    new: dict[str, bytes]
    """Newest content of each application."""
    old: dict[str, bytes] = field(default_factory=dict)
    """Content that was delivered."""
    repositories: Mapping[str, str] = field(default_factory=dict)
    """Addresses that are not the usual ones."""
    reads: int = 0

    def address(self, name: str) -> str:
        return self.repositories.get(name, f"{URL}{name}")

    def read(self, pointer: Pointer) -> Source:
        self.reads += 1
        name = next((n for n in self.new if self.address(n) == pointer.repo), "base")
        shown = f"{pointer.repo.rpartition('/')[2]}@main:"
        if name == "base":
            registered = (
                REGISTRATION.format(name=each, repository=self.address(each)) for each in self.new
            )
            return Source(shown, {"all.yaml": "---\n".join(registered).encode()}, "3" * 40)
        content = (self.old if pointer.commit == OLD else self.new)[name]
        if not content:
            raise SourceError("it does not answer", pointer.at, code="unreachable")
        return Source(shown, {"app.yaml": content}, pointer.commit or NEW)

    def request(self) -> Request:
        pointer = Pointer(repo=f"{URL}control-plane", branch="dev")
        source = Source("control-plane@dev:", {"env.yaml": BASE.encode()}, "4" * 40)
        start = ControlPlane(environment="dev", source=source, pointer=pointer)
        return Request(start=start, repositories=self)

    def held(self) -> list[str]:
        """Evaluate, and return the names of what is held."""
        before = {(self.address(name), "main"): OLD for name in self.old}
        run = evaluate_holding(self.request(), lambda _: before)
        names = {self.address(name): name for name in self.new}
        return [names[each.repository] for each in run.held]


def many(number: int) -> dict[str, bytes]:
    return {f"app{index:03}": workload(f"app{index:03}") for index in range(number)}


def test_all_that_cannot_be_read_is_held_after_two_evaluations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    evaluations: list[Request] = []

    def counted(request: Request, *more: object) -> Run:
        evaluations.append(request)
        return evaluate_into(request, *more)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr("kalypso.evaluation.holding.evaluate_into", counted)
    old = many(60)
    new = {name: BROKEN if int(name[3:]) % 2 else content for name, content in old.items()}
    world = World(new, old)
    assert world.held() == [name for name in sorted(old) if int(name[3:]) % 2]
    assert len(evaluations) == 2


@pytest.mark.parametrize("thief", ["app003", "app017", "app031"])
def test_one_that_takes_anothers_name_is_found_among_many_that_changed(thief: str) -> None:
    old = many(32)
    new = {name: content + b"# changed\n" for name, content in old.items()}
    new[thief] += b"---\n" + workload("app011")
    assert World(new, old).held() == [thief]


def test_two_that_each_take_a_name_are_both_held_and_nobody_else() -> None:
    old = many(20)
    new = {name: content + b"# changed\n" for name, content in old.items()}
    new["app002"] += b"---\n" + workload("app011")
    new["app019"] += b"---\n" + workload("app005")
    assert World(new, old).held() == ["app002", "app019"]


def test_so_many_suspects_that_the_search_takes_too_long_stop_the_run() -> None:
    old = many(60)
    new = {name: content + b"# changed\n" for name, content in old.items()}
    for index in range(0, 60, 2):
        new[f"app{index:03}"] += b"---\n" + workload(f"app{index + 1:03}")
    with pytest.raises(Problems, match="is defined twice"):
        World(new, old).held()


def test_a_source_is_not_held_for_the_errors_of_one_with_the_same_last_part() -> None:
    places = {"one": f"{URL}one/app", "two": f"{URL}two/app"}
    old = {"one": workload("one"), "two": workload("two")}
    new = {"one": BROKEN, "two": workload("two") + b"# changed\n"}
    assert World(new, old, places).held() == ["one"]


def test_a_source_whose_held_commit_fails_too_stops_the_run_with_its_newest_errors() -> None:
    world = World({"one": BROKEN}, {"one": b"- also wrong\n"})
    with pytest.raises(Problems) as caught:
        world.held()
    assert [problem.code for problem in caught.value.problems] == ["yaml-syntax"]


def test_a_source_that_did_not_change_is_not_to_blame() -> None:
    world = World({"one": workload("one"), "two": workload("one")}, {"one": workload("one")})
    world.new["one"] = world.old["one"]
    before = {(world.address("one"), "main"): NEW}
    run = evaluate_holding(world.request(), lambda _: before)
    assert [each.repository for each in run.held] == [world.address("two")]


def test_without_knowing_what_was_delivered_nothing_is_held() -> None:
    world = World({"one": BROKEN}, {"one": workload("one")})
    with pytest.raises(Problems):
        evaluate_holding(world.request(), lambda _: None)


def test_a_source_that_does_not_answer_and_was_never_delivered_stops_the_run() -> None:
    world = World({"one": b"", "two": workload("two")}, {"two": workload("two")})
    with pytest.raises(Problems, match="does not answer"):
        world.held()


def test_a_source_that_does_not_answer_is_held_and_its_newest_commit_is_unknown() -> None:
    world = World({"one": b""}, {"one": workload("one")})
    run = evaluate_holding(world.request(), lambda _: {(world.address("one"), "main"): OLD})
    (held,) = run.held
    assert (held.commit, held.newest, held.code) == (OLD, "", "unreachable")
    assert run.provenance
    assert [each.commit for each in run.provenance.workloads] == [OLD]
