"""One delivery in a process of its own, which tests kill, interrupt, or give little room.

It ends as the commands do: 0, 2 with a message, or 130. The process is a fork of one that has
imported everything, which would take a second each time.
"""

import multiprocessing
import os
import resource
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from kalypso.delivery.steps import deliver
from kalypso.errors import KalypsoError
from kalypso.forge.github.place import GitHub, GitHubPlace
from kalypso.forge.github.repository import GitHubRepository
from kalypso.git.credentials import Credentials
from kalypso.git.remote import Access
from tests.delivery.platform import proposing

FAILED, INTERRUPTED = 2, 130
_SECONDS = 180
"""After which a delivery hangs."""


@dataclass(frozen=True, kw_only=True)
class Once:
    """What is delivered, and where."""

    url: str
    repository: str
    token: str
    cache: Path
    files: Mapping[str, str]
    largest: int = resource.RLIM_INFINITY
    """Bytes that a file may have: the limit stands for a disk that is full."""

    def start(self) -> "Running":
        """Start it and let it run."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        pipes = context.Pipe(duplex=False), context.Pipe(duplex=False)
        outs = tuple(pipe[1] for pipe in pipes)
        process = context.Process(target=_run, args=(self, outs))
        process.start()
        for out in outs:
            out.close()
        return Running(process, *(pipe[0] for pipe in pipes))


class Running:
    """A delivery that was started."""

    def __init__(self, process: BaseProcess, out: Connection, err: Connection) -> None:
        assert process.pid is not None
        self.pid, self._process = process.pid, process
        self._out, self._err = out, err

    def end(self) -> "Ended":
        """Wait for its end.

        Raises:
            TimeoutError: It does not come.
        """
        self._process.join(_SECONDS)
        code = self._process.exitcode
        if code is None:
            self._process.kill()
        texts = [_read(pipe) for pipe in (self._out, self._err)]
        if code is None:
            raise TimeoutError("".join(texts))
        return Ended(code, *texts)


@dataclass(frozen=True)
class Ended:
    """What a delivery printed, and how it ended: its code, or minus a signal."""

    code: int
    out: str
    err: str


def _read(pipe: Connection) -> str:
    with pipe, os.fdopen(os.dup(pipe.fileno())) as file:
        return file.read()


def _run(once: Once, outs: tuple[Connection, Connection]) -> None:
    for number, out in enumerate(outs, 1):
        os.dup2(out.fileno(), number)
        out.close()
    sys.dont_write_bytecode = True  # of a module that is imported late: it would be cut off
    resource.setrlimit(resource.RLIMIT_FSIZE, (once.largest, once.largest))
    sys.exit(_deliver(once))


def _deliver(once: Once) -> int:
    owner, _, name = once.repository.partition("/")
    credentials = Credentials({once.url.removeprefix("http://"): once.token})
    access = Access(credentials=credentials, cache=once.cache)
    forge = GitHubRepository(GitHubPlace(GitHub(once.url), owner, name), access)
    proposal = proposing(once.files)
    try:
        standing = deliver(forge, proposal)
    except KalypsoError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    sys.stdout.write(f"{standing.step}\n")
    return 0
