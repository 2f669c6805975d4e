"""What the last evaluation of a stack gave, and which commits it read.

So an unchanged model is not evaluated again. This is a cache: a record counts only if every
repository that was read still is where it was, the settings are the same, and so is the program;
anything else, and anything damaged, is a miss.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec.structs import replace

import kalypso
from kalypso.errors import KalypsoError
from kalypso.git import Remote, all_refs, is_commit
from kalypso.stack.settings import Settings
from kalypso.stack.summary import Summary

OFF = "KALYPSO_NO_CACHE"
"""A variable that is not empty: nothing is taken from the cache, and nothing is put there."""
_FORMAT = 2
_AT_ONCE = 8
_SECRET = ("tokens", "token", "key", "secrets")
"""Settings that say who asks, and nothing about the result."""

_Readings = Mapping[tuple[str, str], str]


class Outlook(msgspec.Struct, frozen=True):
    """What a delivery makes of a branch, without the files that change."""

    present: str
    """Tree of the branch as it is."""
    whole: str
    """Tree of the branch when all is merged."""
    foreign: tuple[str, ...]
    """Folders that are not the scheduler's."""


class Known(msgspec.Struct, frozen=True):
    """What an earlier run found out."""

    readings: tuple[tuple[str, str, str], ...]
    """The commits that were read: address of a repository, branch or commit, commit."""
    summary: Summary
    outlook: Outlook

    def outlook_on(self, present: str) -> Outlook | None:
        """Return what a delivery makes of a branch, if it is as it was, or all was merged."""
        if present not in {self.outlook.present, self.outlook.whole}:
            return None
        return replace(self.outlook, present=present)


_KNOWN = msgspec.json.Decoder(Known)


def recall(settings: Settings) -> Known | None:
    """Return what the evaluation would give, if nothing that it reads has changed; else None."""
    file = _file(settings)
    if file is None:
        return None
    try:
        digest, _, body = file.read_bytes().partition(b"\n")
        if digest != _digest(body):  # cut short, or changed by something else
            return None
        known = _KNOWN.decode(body)
    except (OSError, ValueError):
        return None
    read = {(repository, ref): commit for repository, ref, commit in known.readings}
    return known if read and read == _now(read, settings) else None


def remember(settings: Settings, known: Known) -> None:
    """Keep what a run found out; where that cannot be written, the next run takes its time."""
    file = _file(settings)
    if file is None or not known.readings:
        return
    with suppress(OSError, ValueError):
        body = msgspec.json.encode(known)
        file.parent.mkdir(parents=True, exist_ok=True)
        scratch = file.with_suffix(f".{os.getpid()}")
        scratch.write_bytes(_digest(body) + b"\n" + body)
        scratch.replace(file)


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def _file(settings: Settings) -> Path | None:
    """Return where the stack's record is; None if its evaluations cannot be known beforehand."""
    repeats = not settings.templates.allow
    if os.environ.get(OFF) or settings.previews_only or not repeats:
        return None
    said = {key: text for key, text in settings.values.items() if not key.endswith(_SECRET)}
    forge = Path(settings.server.folder or ".").absolute()
    named = json.dumps([_FORMAT, said, str(forge), _program()], sort_keys=True)
    digest = hashlib.sha256(named.encode()).hexdigest()
    return settings.access.cache / "evaluated" / f"{digest[:32]}.json"


def _now(known: _Readings, settings: Settings) -> _Readings:
    """Return where everything that was read is now; what cannot be read is left out."""
    wanted: dict[str, list[str]] = {}
    for repository, ref in known:
        wanted.setdefault(repository, []).append(ref)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda each: _refs(each, wanted[each], settings), wanted)
        return {
            (repository, ref): commit
            for repository, commits in zip(wanted, found, strict=True)
            for ref, commit in commits.items()
        }


def _refs(repository: str, refs: Iterable[str], settings: Settings) -> Mapping[str, str]:
    refs = list(refs)
    names = {
        ref: (ref, f"refs/heads/{ref}", f"refs/tags/{ref}^{{}}", f"refs/tags/{ref}") for ref in refs
    }
    here = settings.place_here(repository)
    try:
        if here is not None:
            there = all_refs(Path(here.git_address))
        else:
            asked = [name for ref in refs if not is_commit(ref) for name in names[ref]]
            there = Remote(repository, settings.access).refs(*asked or ["HEAD"])
    except KalypsoError:
        return {}
    found = {ref: next((there[name] for name in names[ref] if name in there), "") for ref in refs}
    return {ref: ref if is_commit(ref) else commit for ref, commit in found.items()}


def _program() -> list[object]:
    """Return what stands for the program: its files, Python, and what is installed beside it."""
    root = Path(kalypso.__file__).parent
    files = sorted(
        (str(path.relative_to(root)), status.st_size, status.st_mtime_ns)
        for path in root.rglob("*.py")
        for status in [path.stat()]
    )
    installed = Path(msgspec.__file__).parents[1].stat().st_mtime_ns
    digest = hashlib.sha256(json.dumps(files).encode()).hexdigest()
    return [kalypso.__version__, digest, sys.version, installed]
