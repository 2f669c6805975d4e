"""Files that are packed are what they were, in the same order, wherever chunks end."""

import tracemalloc
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalypso.gitops import with_files
from kalypso.gitops.packed import PackedFiles, Packing

NAMES = st.text(st.sampled_from("ab-.0R"), min_size=1, max_size=4)
FOLDERS = st.tuples(NAMES, NAMES).map(lambda names: f"{names[0]}/{names[1]}/")
ASSIGNMENTS = st.sets(FOLDERS, max_size=12)
LOOSE = st.dictionaries(
    st.one_of(NAMES, NAMES.map(lambda name: f"{name}/README.md"), FOLDERS.map(lambda f: f"{f}x")),
    st.text(max_size=3),
    max_size=4,
)


def packed(
    folders: set[str], loose: Mapping[str, str], unpacked: int, chunk: int
) -> tuple[dict[str, str], Mapping[str, str]]:
    """Return the files as they are, and out of a packing."""
    packing, plain = Packing(unpacked, chunk), {}
    for folder in sorted(folders):
        for name in ("config.yaml", "namespace.yaml", "x"):
            text = f"{name} of {folder} — ä\n" * (len(folder) % 3)
            plain[folder + name] = text
            packing.add(folder + name, text)
    return dict(sorted({**plain, **loose}.items())), packing.files(loose)


@given(ASSIGNMENTS, LOOSE, st.integers(0, 100), st.integers(0, 60))
def test_packing_changes_no_text_and_no_order(
    folders: set[str], loose: dict[str, str], unpacked: int, chunk: int
) -> None:
    plain, files = packed(folders, loose, unpacked, chunk)
    assert list(files.items()) == list(plain.items())
    assert len(files) == len(plain)


@given(ASSIGNMENTS, LOOSE, st.integers(0, 60))
def test_any_file_can_be_asked_for(folders: set[str], loose: dict[str, str], chunk: int) -> None:
    plain, files = packed(folders, loose, 0, chunk)
    for path in sorted(plain, key=hash):
        assert files[path] == plain[path]
        assert path in files
    for path in ("", "a", "a/README", "zz/zz/zz"):
        assert (path in files) == (path in plain)


@given(ASSIGNMENTS, LOOSE, LOOSE)
def test_files_that_come_later_are_in_their_place(
    folders: set[str], loose: dict[str, str], more: dict[str, str]
) -> None:
    for unpacked in (0, 10_000):
        plain, files = packed(folders, loose, unpacked, 20)
        both = with_files(files, more)
        assert list(both.items()) == sorted({**plain, **more}.items())
        assert len(both) == len({**plain, **more})


def test_a_file_that_comes_later_may_be_the_first_of_a_chunk() -> None:
    plain, files = packed({"a/b/", "a/c/"}, {}, 0, 0)
    for path in plain:
        both = with_files(files, {path: "new"})
        assert list(both.items()) == list({**plain, path: "new"}.items())
        assert len(both) == len(plain)


def test_what_is_not_there_is_named() -> None:
    _, files = packed({"a/b/"}, {}, 0, 10)
    assert isinstance(files, PackedFiles)
    with pytest.raises(KeyError, match="a/b/lost"):
        files["a/b/lost"]


def test_few_files_are_not_packed() -> None:
    _, files = packed({"a/b/", "a/c/"}, {"a/README.md": "text"}, 10_000, 10)
    assert isinstance(files, dict)


def test_many_files_take_a_fraction_of_the_memory_of_their_texts() -> None:
    tracemalloc.start()
    packing, size = Packing(0, 1 << 16), 0
    for number in range(2000):
        text = f"kind: Namespace\nmetadata:\n  name: dev-team-{number}\n  labels: {{a: b}}\n" * 5
        size += len(text)
        packing.add(f"large/team-{number:04}/namespace.yaml", text)
    files = packing.files({})
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(files) == 2000
    assert taken * 5 < size
