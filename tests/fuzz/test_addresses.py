"""Whatever stands for an address: it is used, or a problem says what is wrong with it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from kalypso.cli.inputs import mapped_locations
from kalypso.errors import KalypsoError
from kalypso.forge import place_named
from kalypso.forge.github.place import GitHub
from kalypso.forge.local import LocalFolder
from kalypso.git import read_tree, shown_address
from kalypso.loading import NamedRepositories, parse_location
from kalypso.model.repositories import Pointer
from tests.fuzz.mutation import mutated_text
from tests.fuzz.offline import ONCE, cut_off
from tests.fuzz.seeds import lines, rounds

ROUNDS = 5_000


@pytest.fixture(autouse=True)
def _no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_off(tmp_path, monkeypatch)


def test_a_broken_address_is_reported_and_never_a_traceback() -> None:
    try_addresses()


def try_addresses() -> None:
    """Use broken addresses until one is a traceback."""
    good = lines("addresses.txt")
    for seed, draw in rounds("addresses", ROUNDS):
        text = draw.choice(good)
        for _ in range(draw.randint(0, 3)):
            text = mutated_text(text, draw)
        try:
            asked(text)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {text!r}") from error


def asked(text: str) -> None:
    """Use an address in every way in which a model, a setting or a command may."""
    with suppress(KalypsoError):
        read_tree(text, "main", access=ONCE)
    with suppress(KalypsoError):
        parse_location(text)
    with suppress(KalypsoError):
        mapped_locations((f"{text}=.",))
    with suppress(KalypsoError):
        place_named(text, {})
    with suppress(KalypsoError):
        NamedRepositories(folder=Path()).read(Pointer(repo=text, branch="main"))
    LocalFolder(Path()).place(text)
    GitHub("https://github.com").place(text)
    shown_address(text)
