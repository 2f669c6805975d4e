"""The runner of documents, run over small documents."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.console import DocumentError, Result, Shell, Step, difference, steps, updated


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    started = Shell(tmp_path, {"PATH": os.environ["PATH"]}, tmp_path / "command")
    yield started
    started.close()


def step(*output: str, code: int = 0) -> Step:
    return Step(line=1, command="", output=output, code=code)


def test_commands_and_outputs_are_found_in_order() -> None:
    document = """\
Text with `$ no command`.

```console
$ echo one
one
$ cat <<EOF >file
> two
> EOF
$ false
```

```text
$ not this
```

```bash
export A=1
cd folder
```
"""
    assert list(steps(document)) == [
        Step(line=4, command="echo one", output=("one",), output_at=5),
        Step(line=6, command="cat <<EOF >file\ntwo\nEOF", output=(), output_at=9),
        Step(line=9, command="false", output=(), output_at=10),
        Step(line=17, command="export A=1\ncd folder", output=None),
    ]


def test_exit_code_is_that_of_the_last_command_of_the_fence() -> None:
    found = list(steps("```console exit=2\n$ true\n$ exit 2\n```\n"))
    assert [each.code for each in found] == [0, 2]


def test_fence_without_end_is_an_error() -> None:
    with pytest.raises(DocumentError, match=r"^2: "):
        list(steps("text\n```console\n$ true\n"))


def test_fence_that_begins_with_output_is_an_error() -> None:
    with pytest.raises(DocumentError, match=r"^2: "):
        list(steps("```console\noutput\n$ true\n```\n"))


def test_shell_keeps_folder_and_variables(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    shell.run("cd folder; A=1")
    assert shell.run('pwd; echo "$A"') == Result((str(tmp_path / "folder"), "1"), 0)


def test_output_and_errors_come_together_and_the_code_is_kept(shell: Shell) -> None:
    result = shell.run("echo out; echo err >&2; (exit 3)")
    assert result == Result(("out", "err"), 3)


@pytest.mark.parametrize(
    ("command", "output"),
    [("true", ()), ("printf x", ("x",)), ("echo x; echo", ("x", ""))],
)
def test_lines_are_kept_as_they_are(shell: Shell, command: str, output: tuple[str, ...]) -> None:
    assert shell.run(command).output == output


def test_command_cannot_swallow_the_next_one(shell: Shell) -> None:
    assert shell.run("cat") == Result((), 0)
    assert shell.run("echo next").output == ("next",)


def test_command_that_ends_the_shell_is_no_hang(shell: Shell) -> None:
    assert shell.run("echo bye; exit 4") == Result(("bye",), 4)


def test_closing_ends_what_was_left_running(tmp_path: Path) -> None:
    shell = Shell(tmp_path, {"PATH": os.environ["PATH"]}, tmp_path / "command")
    (pid,) = shell.run("sleep 60 & echo $!").output
    shell.close()
    assert _gone(int(pid))


def _gone(pid: int) -> bool:
    for _ in range(50):
        done = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False
        )
        if done.stdout.strip()[:1] in {b"", b"Z"}:
            return True
        time.sleep(0.1)
    return False


def test_syntax_error_is_a_failure_and_the_shell_goes_on(shell: Shell) -> None:
    assert shell.run("if").code != 0
    assert shell.run("echo on").output == ("on",)


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("took 3s", "took 12.5s"),
        ("took 1m3s", "took 59s"),
        ("[main 1a2b3c4] title", "[main 99ffee0] title"),
        ("at 2026-11-22T20:57:02Z", "at 2027-01-02 03:04"),
        ("Date: Sun Nov 22 20:57:02 2026 +0000", "Date: Mon Jan 4 00:00:00 2027 +0100"),
        ("in ~/clone", "in /srv/run/clone"),
        ("trailing", "trailing  "),
    ],
)
def test_what_changes_from_run_to_run_is_no_difference(shown: str, printed: str) -> None:
    assert difference(step(shown), Result((printed,), 0), Path("/srv/run")) == ""


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        (("3 files",), ("4 files",)),
        (("a",), ()),
        ((), ("a",)),
        (("a", "b"), ("b", "a")),
        (("a", "...", "c"), ("a", "b")),
        (("...", "c"), ("c", "d")),
        (("defaced",), ("effaced",)),
    ],
)
def test_any_other_difference_is_found(shown: tuple[str, ...], printed: tuple[str, ...]) -> None:
    assert difference(step(*shown), Result(printed, 0), Path("/nowhere")) != ""


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        (("a", "...", "d"), ("a", "b", "c", "d")),
        (("a", "...", "b"), ("a", "b")),
        (("...",), ("a", "b")),
        (("...", "b"), ("a", "b")),
        (("a", "..."), ("a", "b")),
        (("a", "...", "c", "...", "e"), ("a", "b", "c", "d", "e")),
        (("...",), ()),
        (("a", "", "...", "b"), ("a", "", "x", "b")),
    ],
)
def test_ellipsis_stands_for_any_lines(shown: tuple[str, ...], printed: tuple[str, ...]) -> None:
    assert difference(step(*shown), Result(printed, 0), Path("/nowhere")) == ""


def test_signs_of_life_of_a_slow_machine_are_no_difference() -> None:
    slow = Result(("==> up", "    pulumi up -s dev: still working, 15 s so far", "done"), 0)
    assert difference(step("==> up", "done"), slow, Path("/nowhere")) == ""
    engine = Result(("==> up", "@ previewing update....", "done"), 0)
    assert difference(step("==> up", "done"), engine, Path("/nowhere")) == ""
    working = Result(("==> up", "    still working", "done"), 0)
    assert difference(step("==> up", "done"), working, Path("/nowhere")) != ""


def test_other_exit_code_is_a_difference_whatever_was_printed() -> None:
    found = difference(step("a"), Result(("a",), 2), Path("/nowhere"))
    assert found.startswith("ended with 2, not 0")


def test_update_replaces_outputs_and_leaves_the_rest() -> None:
    document = "# T\n```console\n$ one\nold\nold\n$ two\n```\ntext\n```console\n$ three\n...\n```\n"
    results = {3: Result(("new",), 0), 6: Result(("2", "3"), 0), 10: Result(("x",), 0)}
    assert updated(document, results) == (
        "# T\n```console\n$ one\nnew\n$ two\n2\n3\n```\ntext\n```console\n$ three\n...\n```\n"
    )
