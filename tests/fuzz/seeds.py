"""What a target is tried with: the same seeds in every run of the tests, others by `make fuzz`."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import monotonic

CORPUS = Path(__file__).parent / "corpus"


def rounds(target: str, number: int) -> Iterator[tuple[int, Random]]:
    """Yield seeds with what is drawn from them.

    First those that once found a fault, which `corpus/seeds.json` keeps; then as many as a run of
    the tests has time for. With `KALYPSO_FUZZ_SECONDS` in the environment, new ones for so long.

    Args:
        target: Name of the target.
        number: Seeds of a run of the tests.
    """
    kept = json.loads((CORPUS / "seeds.json").read_text())[target]
    for seed in [*kept, *range(number)]:
        yield seed, Random(seed)  # noqa: S311 - drawn again the same way, not in secret
    start, tried = monotonic(), 0
    seconds = float(os.environ.get("KALYPSO_FUZZ_SECONDS", "0"))
    while monotonic() < start + seconds:
        seed = secrets.randbelow(2**48)
        tried += 1
        _note(target, tried, monotonic() - start, findings=1)  # it is one if this is the last word
        yield seed, Random(seed)  # noqa: S311 - as above
    if tried:
        _note(target, tried, monotonic() - start, findings=0)


def _note(target: str, tried: int, seconds: float, *, findings: int) -> None:
    """Write down how far a target has come; a finding ends it."""
    folder = os.environ.get("KALYPSO_FUZZ_FIGURES")
    if folder:
        place = Path(folder) / f"{target}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(
            f"{target}: {tried:,} inputs, {findings} findings, {seconds:,.0f} seconds\n"
        )


def lines(name: str) -> list[str]:
    """Read a list of the corpus: one entry a line, as in JSON."""
    return [json.loads(line) for line in (CORPUS / name).read_text().splitlines() if line]
