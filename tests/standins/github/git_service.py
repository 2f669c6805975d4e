"""Git over HTTP as `git http-backend` serves it, with the fewest processes that say the same.

A run of the tests asks thousands of times which branches there are. What depends on refs alone is
answered here from the files that hold them, as far as it is certain what git would say: where each
ref names a commit that is a loose object. Git itself is started for all else, without the two
processes of `git http-backend` between.
"""

import gzip
import os
import re
import subprocess
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from tests.support.bare_repository import read_packed

Answer = tuple[int, dict[str, str], bytes]
SERVICES = ("/info/refs", "/git-upload-pack", "/git-receive-pack")
_ADVERTISED = {"service=git-upload-pack": "upload-pack", "service=git-receive-pack": "receive-pack"}
_NOT_KEPT = {
    "Expires": "Fri, 01 Jan 1980 00:00:00 GMT",
    "Pragma": "no-cache",
    "Cache-Control": "no-cache, max-age=0, must-revalidate",
}
_V2 = "version=2"
_FLUSH, _DELIMITER = b"0000", b"0001"
_NOTHING = b"0" * 40
_ID = re.compile(rb"[0-9a-f]{40}\n")
_BRANCH = re.compile(rb"ref: (refs/\S+)\n")
_words: dict[tuple[str, frozenset[tuple[str, str]]], bytes] = {}
"""What git says of itself, and nothing of a repository, by service and settings."""


@dataclass(frozen=True)
class Request:
    """A call of a git, to a repository that it may read, and write if it wants to."""

    method: str
    service: str
    """What follows the repository in the path: one of `SERVICES`."""
    query: str
    headers: Mapping[str, str] | Message
    body: bytes

    @property
    def protocol(self) -> str:
        return self.headers.get("Git-Protocol", "")

    def content(self) -> bytes:
        """Return the body as it was before it was sent."""
        packed = self.headers.get("Content-Encoding", "") in {"gzip", "x-gzip"}
        return gzip.decompress(self.body) if packed else self.body


def serve(folder: Path, request: Request, settings: Mapping[str, str]) -> Answer:
    """Answer a git, with settings that count as those of the server."""
    if not (folder / "HEAD").is_file():
        return 404, {}, b""
    if request.method == "GET" and request.service == "/info/refs":
        command = _ADVERTISED.get(request.query)
        return _advertise(folder, request, command, settings) if command else (403, {}, b"")
    command = request.service.removeprefix("/git-")
    asked = f"application/x-git-{command}-request"
    if request.method != "POST" or request.service == "/info/refs":
        return 400, {}, b""
    if request.headers.get("Content-Type") != asked:
        return 415, {}, b""
    content, said = request.content(), None
    if command == "upload-pack" and request.protocol == _V2:
        said = _listed(folder, content)
    if said is None:
        said = _git(folder, request, settings, command, "--stateless-rpc", given=content)
    return 200, {**_NOT_KEPT, "Content-Type": f"application/x-git-{command}-result"}, said


def _advertise(folder: Path, request: Request, command: str, settings: Mapping[str, str]) -> Answer:
    """Say what there is, or in version 2 what can be asked."""
    key = (command, frozenset(settings.items()))
    greets = command == "upload-pack" and request.protocol == _V2
    pushed = command == "receive-pack" and not request.protocol
    refs = _certain_refs(folder) if pushed and key in _words else None
    if greets and key in _words:
        said = _words[key]
    elif refs is not None:
        said = _with_words(refs, _words[key])
    else:
        said = _git(folder, request, settings, command, "--http-backend-info-refs")
        if greets:
            _words[key] = said
        elif pushed:
            _words[key] = said.partition(b"\0")[2].partition(b"\n")[0]
    head = b"" if greets else _line(f"# service=git-{command}\n".encode()) + _FLUSH
    kind = f"application/x-git-{command}-advertisement"
    return 200, {**_NOT_KEPT, "Content-Type": kind}, head + said


def _with_words(refs: Mapping[bytes, bytes], words: bytes) -> bytes:
    """Return what `git receive-pack` says first: the refs, and behind the first what it can do."""
    named = [commit + b" " + name for name, commit in refs.items()]
    first, *others = named or [_NOTHING + b" capabilities^{}"]
    lines = [first + b"\0" + words + b"\n", *(each + b"\n" for each in others)]
    return b"".join(map(_line, lines)) + _FLUSH


def _listed(folder: Path, content: bytes) -> bytes | None:
    """Answer `ls-refs` of version 2; None if it is another command, or git has to be asked."""
    head, *asked = list(_lines(content))
    if head != b"command=ls-refs\n" or _DELIMITER not in asked:
        return None
    wanted = asked[asked.index(_DELIMITER) + 1 :]
    prefixes = tuple(each.strip()[11:] for each in wanted if each.startswith(b"ref-prefix "))
    plain = {b"peel\n", b"symrefs\n", b"unborn\n"}
    if any(each not in plain and not each.startswith(b"ref-prefix ") for each in wanted):
        return None
    found, branch = _certain_refs(folder), _BRANCH.fullmatch((folder / "HEAD").read_bytes())
    if found is None or branch is None:
        return None
    points = b" symref-target:" + branch[1] if b"symrefs\n" in wanted else b""
    lines = [commit + b" " + name for name, commit in found.items() if _fits(name, prefixes)]
    if _fits(b"HEAD", prefixes):
        if branch[1] in found:
            lines.insert(0, found[branch[1]] + b" HEAD" + points)
        elif b"unborn\n" in wanted:
            lines.insert(0, b"unborn HEAD" + points)
    return b"".join(_line(each + b"\n") for each in lines) + _FLUSH


def _fits(name: bytes, prefixes: tuple[bytes, ...]) -> bool:
    return not prefixes or name.startswith(prefixes)


def _certain_refs(folder: Path) -> dict[bytes, bytes] | None:
    """Return the refs, if each names a commit that is a loose object: None if git has to look."""
    found: dict[bytes, bytes] = {}
    for place, _, names in os.walk(folder / "refs"):
        for name in names:
            path = Path(place, name)
            try:
                text = path.read_bytes()
            except FileNotFoundError:
                continue  # removed meanwhile
            if _ID.fullmatch(text):
                found[os.fsencode(path.relative_to(folder))] = text.strip()
            elif path.suffix != ".lock":
                return None
    for name, commit in read_packed(folder).items():
        found.setdefault(os.fsencode(name), commit.encode())
    certain = all(_is_commit(folder, each.decode()) for each in set(found.values()))
    return dict(sorted(found.items())) if certain else None


def _is_commit(folder: Path, commit: str) -> bool:
    try:
        with (folder / "objects" / commit[:2] / commit[2:]).open("rb") as opened:
            return zlib.decompressobj().decompress(opened.read(64), 7) == b"commit "
    except (OSError, zlib.error):
        return False


def _git(
    folder: Path,
    request: Request,
    settings: Mapping[str, str],
    *arguments: str,
    given: bytes = b"",
) -> bytes:
    """Start git as `git http-backend` does; it says itself what went wrong."""
    numbered = {f"GIT_CONFIG_KEY_{n}": key for n, key in enumerate(settings)}
    numbered |= {f"GIT_CONFIG_VALUE_{n}": value for n, value in enumerate(settings.values())}
    who = "kalypso-bot"
    done = subprocess.run(
        ["git", *arguments, "."],
        input=given,
        capture_output=True,
        check=False,
        cwd=folder,
        env={
            "PATH": os.environ["PATH"], "GIT_CONFIG_COUNT": str(len(settings)), **numbered,
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_PROTOCOL": request.protocol, "GIT_DIR": ".",
            "GIT_COMMITTER_NAME": who, "GIT_COMMITTER_EMAIL": f"{who}@http.127.0.0.1",
        },
    )  # fmt: skip
    return done.stdout


def _line(text: bytes) -> bytes:
    """Return a packet of git's protocol: its length, and the text."""
    return b"%04x" % (len(text) + 4) + text


def _lines(content: bytes) -> Iterator[bytes]:
    """Yield the packets before the first flush; delimiters as they are."""
    at = 0
    while at < len(content) and (size := int(content[at : at + 4], 16)):
        yield content[at + 4 : at + size] if size > 1 else _DELIMITER
        at += max(size, 4)
