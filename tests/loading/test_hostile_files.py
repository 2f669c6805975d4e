"""Files that are made to exhaust the machine are refused, quickly and in little memory."""

from __future__ import annotations

import resource
import time

import pytest

from kalypso.errors import Collector
from kalypso.loading.documents import MAX_FILE
from kalypso.loading.raw import read_objects

HEAD = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
SECONDS = 4.0
"""Far above what it takes (about 0.1 s), so that a busy machine fails no test."""


def alias_bomb() -> bytes:
    """Nine lists of nine aliases each: 9^10 values from 400 bytes."""
    lines = [b"a: &a [x, x, x, x, x, x, x, x, x]"]
    for one, other in zip("abcdefghi", "bcdefghij", strict=True):
        aliases = ", ".join([f"*{one}"] * 9)
        lines.append(f"{other}: &{other} [{aliases}]".encode())
    return HEAD + b"\n".join(lines)


def stairs(step: bytes) -> bytes:
    """One level a line, each deeper than the one before."""
    return b"".join(b" " * level + step + b"\n" for level in range(1_400))


def runs() -> bytes:
    """Ninety-nine levels a line, which no bound on one line sees."""
    text, column = b"", 0
    while len(text) < MAX_FILE - 30_000:
        text += b" " * column + b"- " * 99 + b"\n"
        column += 198
    return text


HOSTILE = {
    "alias bomb": (alias_bomb(), "yaml-too-large"),
    "merge keys": (
        b"a: &a {"
        + b", ".join(b"k%d: 1" % number for number in range(5_000))
        + b"}\n"
        + b"".join(b"m%d: {<<: *a}\n" % number for number in range(5_000)),
        "yaml-too-large",
    ),
    "30,000 open brackets": (b"[" * 30_000, "yaml-too-deep"),
    "30,000 open braces": (b"{a: " * 30_000, "yaml-too-deep"),
    "900 closed brackets": (b"[" * 900 + b"]" * 900, "yaml-too-deep"),
    "30,000 dashes": (b"- " * 30_000, "yaml-too-deep"),
    "30,000 question marks": (b"? " * 30_000, "yaml-too-deep"),
    "stairs of mappings": (stairs(b"a:"), "yaml-too-deep"),
    "stairs of lists": (stairs(b"-"), "yaml-too-deep"),
    "runs of lists": (runs(), "yaml-too-deep"),
    "an anchor in itself": (b"&a [*a]", "yaml-too-deep"),
    "a merge of itself": (b"a: &a {<<: *a}", "yaml-too-deep"),
    "50 MB": (b"a" * 50_000_000, "file-too-large"),
    "250,000 documents": (b"---\n" * 250_000, "file-too-large"),
    "a tag of 1 MB": (b"!" * 1_000_000, "yaml-tag"),
    "a tag that runs code": (b"a: !!python/object/apply:os.system [ls]", "not-an-object"),
    "a key of 1 MB": (b"a" * 1_000_000 + b": 1", "yaml-syntax"),
    "1 MB of quotes": (b'"' * 1_000_000, "yaml-syntax"),
    "1 MB of colons": (b": " * 500_000, "yaml-too-deep"),
    "1 MB of tabs": (b"\t" * 1_000_000, "yaml-syntax"),
    "half a character": (b'a: "\\ud800"', "yaml-syntax"),
    "a bell": (b"a: \x07", "yaml-syntax"),
    "UTF-16": (b"\xff\xfea\x00", "not-utf8"),
    "a version of YAML to come": (b"%YAML 9.9\n---\na: b\n", "yaml-syntax"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_a_bound(name: str) -> None:
    content, code = HOSTILE[name]
    problems = Collector()
    started, memory = time.process_time(), peak()
    assert read_objects("f.yaml", content, problems) == []
    assert time.process_time() - started < SECONDS
    assert peak() - memory < 200
    assert [problem.code for problem in problems.errors] == [code]
    assert all(len(str(problem)) < 1_000 for problem in problems.errors)


def peak() -> int:
    """Return the most memory that the process ever used, in MiB (on Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xef\xbb\xbf",
        b"# only a comment",
        b" " * 1_000_000,
        b"---\n" * 9_999,
        b"#" * MAX_FILE,
    ],
    ids=["nothing", "a mark", "a comment", "spaces", "many empty documents", "1 MiB of comment"],
)
def test_a_file_without_objects_is_fine(content: bytes) -> None:
    problems = Collector()
    assert read_objects("f.yaml", content, problems) == []
    assert problems.errors == []


def test_a_file_one_byte_too_large_is_refused() -> None:
    problems = Collector()
    read_objects("f.yaml", b"#" * (MAX_FILE + 1), problems)
    assert [str(problem) for problem in problems.errors] == [
        (
            "f.yaml:1:1: error: the file has 1,048,577 bytes, more than 1,048,576"
            " [file-too-large]\n  hint: split it, or leave it out with .sourceignore"
        )
    ]


@pytest.mark.parametrize(
    "value",
    [b"9" * 100_000, b"0x" + b"f" * 100_000, b"1e" + b"9" * 500, b"1" + b":1" * 300_000],
    ids=["digits", "hexadecimal digits", "an exponent", "base 60"],
)
def test_a_number_beyond_all_bounds_is_text_as_in_go(value: bytes) -> None:
    problems = Collector()
    [found] = read_objects("f.yaml", HEAD + b"a: " + value, problems)
    assert found.body["a"] == value.decode()
    assert problems.errors == []


def test_one_hundred_levels_are_fine() -> None:
    problems = Collector()
    [found] = read_objects("f.yaml", HEAD + b"a: " + b"[" * 99 + b"]" * 99, problems)
    assert found.name == "a"
    read_objects("f.yaml", HEAD + b"a: " + b"[" * 100 + b"]" * 100, problems)
    assert [problem.code for problem in problems.errors] == ["yaml-too-deep"]
