"""What the stand-in GitHub says to git is what `git http-backend` says, byte for byte."""

import gzip
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.standins.github import git_service
from tests.standins.github.git_service import Answer, Request, serve
from tests.support.bare_repository import make_bare, read_refs, write_ref

V2 = {"Git-Protocol": "version=2"}
SETTINGS = {"uploadpack.allowAnySHA1InWant": "true", "uploadpack.allowFilter": "true"}
GREETING = Request("GET", "/info/refs", "service=git-upload-pack", V2, b"")
PUSHED = Request("GET", "/info/refs", "service=git-receive-pack", {}, b"")
OLD = Request("GET", "/info/refs", "service=git-upload-pack", {}, b"")


class Repository:
    """A bare repository to ask about."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        make_bare(folder, "main")

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
        command = ["git", "--git-dir", str(self.folder), *who, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, *branches: str) -> str:
        tree = self.git("hash-object", "-t", "tree", "-w", "/dev/null")
        commit = self.git("commit-tree", tree, "-m", "Begin")
        for branch in branches:
            self.git("update-ref", f"refs/heads/{branch}", commit)
        return commit

    def backend(self, request: Request) -> Answer:
        """Answer as git's own program for web servers does."""
        given = {**SETTINGS, "http.receivepack": "true"}
        settings = {f"GIT_CONFIG_KEY_{n}": key for n, key in enumerate(given)}
        settings |= {f"GIT_CONFIG_VALUE_{n}": value for n, value in enumerate(given.values())}
        done = subprocess.run(
            ["git", "http-backend"], input=request.body, capture_output=True, check=False,
            env={
                "PATH": os.environ["PATH"], "GIT_CONFIG_COUNT": str(len(given)), **settings,
                "GIT_CONFIG_NOSYSTEM": "1", "GIT_PROJECT_ROOT": str(self.folder),
                "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": request.service,
                "QUERY_STRING": request.query, "REQUEST_METHOD": request.method,
                "GIT_PROTOCOL": request.protocol, "CONTENT_LENGTH": str(len(request.body)),
                "CONTENT_TYPE": request.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
                "REMOTE_USER": "kalypso-bot", "REMOTE_ADDR": "127.0.0.1",
            },
        )  # fmt: skip
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        return int(headers.pop("Status", "200").split()[0]), headers, body


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "made.git")


@pytest.fixture
def no_git(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what lets no git be started from then on."""

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("git was started")

    return lambda: monkeypatch.setattr(git_service, "_git", refused)


def line(text: str) -> bytes:
    return f"{len(text) + 4:04x}{text}".encode()


def listing(*wanted: str) -> Request:
    """Return the call of `git ls-remote`."""
    asked = b"".join(map(line, wanted))
    body = line("command=ls-refs\n") + line("agent=git/2.39.5") + line("object-format=sha1")
    return post("upload-pack", body + b"0001" + asked + b"0000", **V2)


def post(command: str, body: bytes, **headers: str) -> Request:
    kind = {"Content-Type": f"application/x-git-{command}-request"}
    return Request("POST", f"/git-{command}", "", {**kind, **headers}, body)


def pack_in(said: bytes) -> bytes:
    """Return the objects in an answer; in how many parts they come is chance."""
    rest, found = said.removeprefix(line("packfile\n")), b""
    while size := int(rest[:4], 16):
        found += rest[5:size]
        rest = rest[size:]
    return found


ASKED = [
    listing("peel\n", "symrefs\n", "unborn\n"),
    listing("peel\n", "symrefs\n"),
    listing("ref-prefix refs/heads/main\n", "ref-prefix HEAD\n"),
    listing("ref-prefix refs/heads/deploy\n"),
    listing("ref-prefix nothing\n"),
    listing(),
    GREETING,
    PUSHED,
    OLD,
]


def empty(_: Repository) -> None:
    """A repository without a branch."""


def branches(made: Repository) -> None:
    made.commit("main", "deployment/a", "deploy", "main2")


def pulls(made: Repository) -> None:
    made.git("update-ref", "refs/pull/1/head", made.commit("main", "zzz"))


def other_branch(made: Repository) -> None:
    made.commit("dev")


def packed(made: Repository) -> None:
    made.commit("main", "deployment/a")
    made.git("pack-refs", "--all")
    made.git("update-ref", "refs/heads/deployment/b", made.commit())
    tree = made.git("rev-parse", "main^{tree}")
    made.git("update-ref", "refs/heads/main", made.git("commit-tree", tree, "-m", "Go on"))


def packed_objects(made: Repository) -> None:
    made.commit("main", "dev")
    made.git("repack", "-a", "-d", "-q")


def tags(made: Repository) -> None:
    made.git("tag", "-a", "v1", "-m", "One", made.commit("main"))
    made.git("tag", "v2", "main")


def detached(made: Repository) -> None:
    (made.folder / "HEAD").write_text(made.commit("main") + "\n")


def symbolic(made: Repository) -> None:
    made.commit("main")
    made.git("symbolic-ref", "refs/heads/other", "refs/heads/main")


def no_objects(made: Repository) -> None:
    made.commit("dev")
    commit = made.commit("main")
    (made.folder / "objects" / commit[:2] / commit[2:]).unlink()


def locked(made: Repository) -> None:
    made.commit("main")
    (made.folder / "refs" / "heads" / "main.lock").touch()


STATES = [
    empty, branches, pulls, other_branch, packed, packed_objects, tags, detached, symbolic,
    no_objects, locked,
]  # fmt: skip


@pytest.mark.parametrize("fill", STATES, ids=lambda fill: fill.__name__)
def test_git_hears_what_its_own_program_for_web_servers_says(
    repository: Repository, fill: Callable[[Repository], None]
) -> None:
    fill(repository)
    for request in ASKED:
        for _ in range(2):  # the second time, some of it is known
            assert serve(repository.folder, request, SETTINGS) == repository.backend(request)


@pytest.mark.parametrize("fill", [empty, branches, pulls, packed], ids=lambda fill: fill.__name__)
def test_branches_are_listed_without_a_git(
    repository: Repository, fill: Callable[[Repository], None], no_git: Callable[[], None]
) -> None:
    fill(repository)
    for request in (GREETING, PUSHED):
        serve(repository.folder, request, SETTINGS)
    no_git()
    for request in [*ASKED[:6], GREETING, PUSHED]:
        assert serve(repository.folder, request, SETTINGS)[0] == 200


def test_a_setting_changes_what_the_server_says_it_can_do(repository: Repository) -> None:
    assert b"filter" in serve(repository.folder, GREETING, SETTINGS)[2]
    less = {**SETTINGS, "uploadpack.allowFilter": "false"}
    assert b"filter" not in serve(repository.folder, GREETING, less)[2]


def test_a_fetch_gets_the_pack_that_git_makes(repository: Repository) -> None:
    commit = repository.commit("main")
    asked = line("command=fetch") + b"0001" + line("no-progress\n")
    asked += line(f"want {commit}\n") + line("done\n") + b"0000"
    plain = post("upload-pack", asked, **V2)
    packed = post("upload-pack", gzip.compress(asked), **V2, **{"Content-Encoding": "gzip"})
    said = repository.backend(plain)
    assert pack_in(said[2]).startswith(b"PACK")
    for request in (plain, packed):
        own = serve(repository.folder, request, SETTINGS)
        assert (own[:2], pack_in(own[2])) == (said[:2], pack_in(said[2]))


def test_a_push_moves_refs_and_is_told_so(repository: Repository) -> None:
    commit = repository.commit("main", "dev")
    moved = f"{commit} {'0' * 40} refs/heads/dev\0report-status delete-refs\n"
    request = post("receive-pack", line(moved) + b"0000")
    status, _, said = serve(repository.folder, request, SETTINGS)
    assert (status, read_refs(repository.folder)) == (200, {"refs/heads/main": commit})
    assert said == line("unpack ok\n") + line("ok refs/heads/dev\n") + b"0000"


def test_a_hook_knows_who_pushes_and_where(repository: Repository) -> None:
    commit = repository.commit("main", "dev")
    hook = repository.folder / "hooks" / "update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\necho "$GIT_COMMITTER_EMAIL $PWD" >&2\nexit 1\n')
    hook.chmod(0o755)
    moved = f"{commit} {'0' * 40} refs/heads/dev\0report-status delete-refs side-band-64k\n"
    request = post("receive-pack", line(moved) + b"0000")
    own = serve(repository.folder, request, SETTINGS)
    assert own == repository.backend(request)
    assert f"kalypso-bot@http.127.0.0.1 {repository.folder}".encode() in own[2]
    assert b"ng refs/heads/dev hook declined" in own[2]
    assert read_refs(repository.folder) == dict.fromkeys(
        ("refs/heads/dev", "refs/heads/main"), commit
    )


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (Request("POST", "/git-upload-pack", "", {"Content-Type": "text/plain"}, b"0000"), 415),
        (Request("POST", "/git-receive-pack", "", {}, b"0000"), 415),
        (Request("GET", "/git-upload-pack", "", {}, b""), 400),
        (Request("GET", "/info/refs", "service=git-upload-archive", {}, b""), 403),
    ],
    ids=lambda given: given.service if isinstance(given, Request) else str(given),
)
def test_what_no_git_sends_is_refused_as_git_does(
    repository: Repository, request_: Request, status: int
) -> None:
    assert repository.backend(request_)[0] == status
    assert serve(repository.folder, request_, SETTINGS)[0] == status


def test_a_folder_without_a_repository_is_not_found(tmp_path: Path) -> None:
    assert serve(tmp_path / "nothing", GREETING, SETTINGS) == (404, {}, b"")


def test_a_ref_is_put_where_git_finds_it(repository: Repository) -> None:
    commit = repository.commit("main")
    for _ in range(2):
        write_ref(repository.folder, "refs/pull/1/head", commit)
    assert repository.git("rev-parse", "--verify", "refs/pull/1/head") == commit
    repository.git("update-ref", "-d", "refs/pull/1/head", commit)
    assert read_refs(repository.folder) == {"refs/heads/main": commit}
