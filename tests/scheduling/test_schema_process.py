"""A schema that takes for ever is ended and told; the others go on as if nothing had been."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from kalypso.errors import ConfigError, Position
from kalypso.scheduling import schema_process
from kalypso.scheduling.schema_process import remote_validator
from kalypso.scheduling.schemas import compile_schema
from kalypso.scheduling.validators import Spending, local_validator
from tests.scheduling.test_schema_cost import ORDINARY, levels

AT = Position("workload.yaml", 10, 7)
TOLD = (
    "workload.yaml:10:7: error: checking the schema takes more than 2 seconds, or too much memory"
    " [schema-too-costly]\n  hint: use fewer references, alternatives and patterns"
)


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    yield
    schema_process._stop()  # noqa: SLF001 - it lives as long as the program
    schema_process._endless.clear()  # noqa: SLF001 - as above


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the process half of its time; one test waits for all of it."""
    program = schema_process._PROGRAM.replace(f"({schema_process.SECONDS})", "(1)")  # noqa: SLF001 - what the process runs
    assert program.endswith("serve(1)")
    monkeypatch.setattr(schema_process, "_PROGRAM", program)


def check(schema: object, values: dict[str, Any] | None = None) -> list[str]:
    compiled = compile_schema(json.dumps(schema), AT)
    return [violation.sentence for violation in compiled.violations(values or {})]


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    "schema",
    [
        levels("allOf", 40),
        {**levels("anyOf", 40), "$defs": {**levels("anyOf", 40)["$defs"], "d40": False}},
        {**levels("oneOf", 40), "$defs": {**levels("oneOf", 40)["$defs"], "d40": True}},
        {"allOf": [{"pattern": f"([a-zß]{{300}}){{3}}x{n}"} for n in range(20_000)]},
    ],
    ids=["allOf", "anyOf", "oneOf", "large patterns"],
)
def test_a_schema_without_end_is_told_with_its_place(schema: object) -> None:
    with pytest.raises(ConfigError) as caught:
        check(schema, {"slow": "a" * 60 + "!"})
    assert str(caught.value) == TOLD


@pytest.mark.usefixtures("hasty")
def test_after_one_was_ended_others_are_checked() -> None:
    with pytest.raises(ConfigError):
        check(levels("allOf", 40))
    assert check(levels("allOf", 10), {}) == []
    deep = levels("allOf", 10)
    assert check(
        {"$defs": deep["$defs"], "allOf": [{"$ref": deep["$ref"]}], "required": ["a"]}
    ) == ['"a" is a required property']


def test_a_schema_without_end_that_comes_again_is_refused_without_another_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schema_process, "_PATIENCE", 600)  # however busy this machine is
    for _ in range(2):
        with pytest.raises(ConfigError) as caught:
            check(levels("allOf", 40))
        assert str(caught.value) == TOLD
        assert check(levels("allOf", 10)) == []
    (worker,) = schema_process._running  # noqa: SLF001 - what the first one left is not ended
    assert len(worker.knows) == 2


def test_a_schema_whose_process_was_killed_by_others_is_checked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    killed = "import os, sys; sys.stdin.readline(); os.kill(os.getpid(), 9)"
    with monkeypatch.context() as patch:
        patch.setattr(schema_process, "_PROGRAM", killed)
        with pytest.raises(ConfigError):
            check(levels("allOf", 10))
    assert check(levels("allOf", 10)) == []


@pytest.mark.parametrize("schema", [*ORDINARY, {"required": ["a"]}, {"properties": {"k": False}}])
def test_the_process_says_what_this_one_would(schema: object) -> None:
    here, there = local_validator(schema, AT), remote_validator(schema, AT, Spending())
    for values in ({}, {"k": "v", "name": "ö", "DB_X": 1}, {"a": [1, {"b": 2.5}], "KEY_1": "x"}):
        assert there.is_valid(values) == here.is_valid(values)
        assert list(there.errors(values)) == list(here.errors(values))


@pytest.mark.parametrize(
    ("schema", "sentence"),
    [
        ({"type": "nonsense", "enum": list(range(600))}, "this is not a valid JSON Schema: "),
        ({"$ref": "https://example.org/x"}, "the schema refers to another document, https://exam"),
    ],
)
def test_a_bad_schema_is_refused_as_ever(schema: object, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check(schema)
    assert str(caught.value).startswith(f"workload.yaml:10:7: error: {sentence}")


def test_the_schemas_of_one_source_share_their_time() -> None:
    spending = Spending(seconds=10)
    with pytest.raises(ConfigError, match="takes more than 2 seconds"):
        compile_schema(json.dumps(levels("allOf", 10)), AT, spending)


def test_ctrl_c_ends_a_check_that_takes_for_ever() -> None:
    program = (
        "import json, sys\n"
        "from kalypso.errors import Position\n"
        "from kalypso.scheduling import schema_process\n"
        "from kalypso.scheduling.schemas import compile_schema\n"
        "schema_process.SECONDS = 1000\n"
        "schema_process._PROGRAM = schema_process._PROGRAM.replace('(2)', '(1000)')\n"
        "try:\n"
        "    print('begun', flush=True)\n"
        "    compile_schema(sys.argv[1], Position('f'))\n"
        "except KeyboardInterrupt:\n"
        "    print('ended', schema_process._running, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, json.dumps(levels("allOf", 40))],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "ended []\n"
