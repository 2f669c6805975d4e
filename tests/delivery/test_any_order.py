"""Whatever people and runs do, in any order: one pull request of ours, which tells the truth."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kalypso.errors import KalypsoError
from tests.delivery.platform import DRONE, LARGE, OTHER, GitOps

FILES = {"a": DRONE, "b": OTHER, "c": {**DRONE, **LARGE}}
HEAD = "deployment/dev"

RUNS = st.sampled_from([f"run {name}" for name in FILES])
PEOPLE = st.sampled_from(
    ["merge", "close", "reopen", "move dev", "edit dev", "edit head", "drop head", "merge by git"]
)


def do(gitops: GitOps, action: str) -> None:
    """Do what a person does; what makes no sense now is refused and changes nothing."""
    pulls = gitops.forge.pull_requests()
    try:
        if action in {"merge", "close", "reopen"} and pulls:
            getattr(gitops.forge, action)(pulls[0].number)
        elif action == "move dev":
            gitops.commit("dev", {"README.md": f"{len(gitops.refs())}\n".encode()})
        elif action == "edit dev":
            gitops.commit("dev", {"drone/app/config.yaml": b"by hand\n"})
        elif f"refs/heads/{HEAD}" in gitops.refs():
            if action == "edit head":
                gitops.commit(HEAD, {"drone/app/config.yaml": b"by hand\n"})
            elif action == "drop head":
                gitops.move(HEAD, None)
            elif action == "merge by git" and gitops.parents(HEAD) == (
                gitops.refs()["refs/heads/dev"],
            ):
                gitops.move("dev", gitops.refs()[f"refs/heads/{HEAD}"])
    except KalypsoError:
        pass


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(st.one_of(RUNS, PEOPLE), min_size=4, max_size=9))
def test_one_pull_request_that_says_what_is_so(actions: list[str]) -> None:
    with TemporaryDirectory() as folder:
        gitops = GitOps(Path(folder) / "kalypso-gitops.git")
        for action in [*actions, "run a"]:
            if not action.startswith("run "):
                do(gitops, action)
                continue
            wanted = FILES[action.removeprefix("run ")]
            before = gitops.refs()["refs/heads/dev"]
            done = gitops.run(wanted)
            assert gitops.refs()["refs/heads/dev"] == before
            assert gitops.states().count("open") <= 1
            if done.step in {"open", "replace", "keep"}:
                assert gitops.files(HEAD) == wanted
                assert gitops.parents(HEAD) == (before,)
                assert gitops.states().count("open") == 1
            elif done.step != "stay-closed":
                assert gitops.files("dev") == wanted
                assert "open" not in gitops.states()
            assert gitops.look(wanted).settled
            refs = gitops.refs()
            assert gitops.run(wanted).settled
            assert gitops.refs() == refs
