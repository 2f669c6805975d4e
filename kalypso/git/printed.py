"""What a program prints, read as it comes and only up to a bound."""

from __future__ import annotations

import selectors
import subprocess
import time

_CHUNK = 1 << 16


class TooMuchPrinted(Exception):
    """A program printed more than it may."""


def printed_by(process: subprocess.Popen[bytes], most: int, seconds: float) -> tuple[bytes, bytes]:
    """Return what a program prints to both of its streams until it ends.

    Args:
        process: Started with pipes; its input is closed.
        most: Bytes of both streams together.
        seconds: How long it may take.

    Raises:
        TooMuchPrinted: The program printed more; it is still running.
        subprocess.TimeoutExpired: It took longer.
    """
    if process.stdin is not None:
        process.stdin.close()
        process.stdin = None
    deadline = time.monotonic() + seconds
    found: dict[object, bytearray] = {process.stdout: bytearray(), process.stderr: bytearray()}
    with selectors.DefaultSelector() as streams:
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                streams.register(stream, selectors.EVENT_READ)
        while streams.get_map():
            ready = streams.select(max(0.0, deadline - time.monotonic()))
            if not ready:
                raise subprocess.TimeoutExpired(process.args, seconds)
            for key, _ in ready:
                _read(streams, key.fileobj, found)
            if sum(map(len, found.values())) > most:
                raise TooMuchPrinted
    process.wait(max(0.1, deadline - time.monotonic()))
    return bytes(found[process.stdout]), bytes(found[process.stderr])


def _read(streams: selectors.BaseSelector, stream: object, found: dict[object, bytearray]) -> None:
    chunk = stream.read1(_CHUNK)  # type: ignore[attr-defined]  # a pipe of the process
    if chunk:
        found[stream] += chunk
    else:
        streams.unregister(stream)  # type: ignore[arg-type]  # as above
