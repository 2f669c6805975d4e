"""The exit code says who can help: the user, or time."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from kalypso.cli import cli, main
from kalypso.errors import DeliveryError, KalypsoError, LoadError, Position, Problems, SourceError

AT = Position("a.yaml", 1)


def ended_with(error: BaseException) -> object:
    with patch.object(type(cli), "main", side_effect=error), pytest.raises(SystemExit) as stop:
        main()
    return stop.value.code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (LoadError("broken", AT, code="yaml-syntax"), 2),
        (SourceError("no answer", AT, code="unreachable"), 3),
        (DeliveryError("another run writes", AT, code="busy"), 3),
        (DeliveryError("moved meanwhile", AT, code="moved"), 3),
        (
            Problems(
                [
                    SourceError("no answer", AT, code="unreachable").problem,
                    LoadError("broken", AT, code="yaml-syntax").problem,
                ]
            ),
            2,
        ),
    ],
)
def test_only_what_is_all_outside_is_worth_another_try(error: KalypsoError, code: int) -> None:
    assert ended_with(error) == code


def test_an_interrupted_command_ends_with_130() -> None:
    assert ended_with(KeyboardInterrupt()) == 130


def test_a_bug_keeps_its_traceback() -> None:
    with (
        patch.object(type(cli), "main", side_effect=ZeroDivisionError),
        pytest.raises(ZeroDivisionError),
    ):
        main()
