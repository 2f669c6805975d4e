"""A small repository cannot make much work: whatever names what, there is an end and a message."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from kalypso.errors import Collector, KalypsoError
from kalypso.loading.budget import MOST_VALUES, Budget
from kalypso.loading.folders import read_folder
from kalypso.loading.ignore import kept
from kalypso.loading.raw import read_objects
from kalypso.loading.tree import read_tree_objects
from kalypso.model import Source

HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def errors(files: Mapping[str, str]) -> list[str]:
    problems = Collector()
    source = Source("src:", {path: text.encode() for path, text in files.items()})
    with problems.catching():
        read_tree_objects(source, ".", problems)
    return [str(problem).splitlines()[0] for problem in problems.errors]


def chain(levels: int, *, prefix: bool = False) -> dict[str, str]:
    """Kustomizations that name the next one twice, directly or by way of two with prefixes."""
    files = {f"k{levels}/kustomization.yaml": "resources: [a.yaml]\n", f"k{levels}/a.yaml": HEAD}
    for level in range(levels):
        below = f"../k{level + 1}"
        if not prefix:
            files[f"k{level}/kustomization.yaml"] = f"resources: [{below}, {below}]\n"
            continue
        files[f"k{level}/kustomization.yaml"] = f"resources: [../l{level}, ../m{level}]\n"
        for name in "lm":
            files[f"{name}{level}/kustomization.yaml"] = (
                f"namePrefix: {name}\nresources: [{below}]\n"
            )
    files["kustomization.yaml"] = "resources: [k0]\n"
    return files


def test_kustomizations_that_name_each_other_twice_are_read_once() -> None:
    assert errors(chain(26)) == [
        (
            "src:k25/kustomization.yaml:1:21: error: the resource '../k26' brings the ConfigMap 'a'"
            " a second time [kustomization]"
        )
    ]


def test_objects_that_double_under_other_names_have_an_end() -> None:
    (told,) = errors(chain(20, prefix=True))
    assert told.endswith(
        "error: the repository holds kustomizations that pass on more than 50,000 objects"
        " [source-too-large]"
    )


def test_one_base_under_two_prefixes_is_as_good_as_in_kustomize() -> None:
    problems = Collector()
    files = {path: text.encode() for path, text in chain(1, prefix=True).items()}
    found = read_tree_objects(Source("src:", files), ".", problems)
    assert [raw.name for raw in found] == ["la", "ma"]
    assert problems.errors == []


def test_a_file_that_is_named_very_often_is_read_once_and_told_once() -> None:
    resources = "\n".join(["resources:", *["- a.yaml"] * 20_000])
    assert errors({"kustomization.yaml": resources, "a.yaml": HEAD}) == [
        (
            "src:kustomization.yaml:3:3: error: the resource 'a.yaml' brings the ConfigMap"
            " 'a' a second time [kustomization]"
        )
    ]


def test_a_folder_and_a_file_in_it_are_the_same_twice() -> None:
    files = {
        "kustomization.yaml": "resources: [k, k/a.yaml]\n",
        "k/kustomization.yaml": "resources: [a.yaml]\n",
        "k/a.yaml": HEAD,
    }
    (told,) = errors(files)
    assert "the resource 'k/a.yaml' brings the ConfigMap 'a' a second time" in told


def test_equal_files_under_many_names_have_an_end() -> None:
    left, problems = Budget(values=1_000), Collector()
    text = HEAD + "data:\n" + "".join(f"  k{number}: v\n" for number in range(400))
    for number in range(4):
        read_objects(f"{number}.yaml", text.encode(), problems, left)
    assert left.spent
    assert str(problems.errors[0]).splitlines()[0] == (
        "2.yaml:1:1: error: the repository holds YAML files with more than 1,000 values"
        " [source-too-large]"
    )


def test_what_is_too_much_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Budget, "spent", property(lambda left: left.values < MOST_VALUES - 20))
    problems = Collector()
    files = {f"{number}.yaml": HEAD.replace("a}", f"a{number}}}").encode() for number in range(9)}
    assert len(read_tree_objects(Source("src:", files), ".", problems)) == 5


@pytest.mark.parametrize(
    "pattern",
    ["*a*a*a*a*a*a*a*a*b", "*" * 2_000 + "b", "*[ab]*[ab]*[ab]*[ab]*[ab]*[ab]*c", "*?a" * 900],
)
def test_patterns_match_in_linear_time(pattern: str) -> None:
    name = "a" * 4_000 + ".yaml"
    assert kept({".sourceignore": f"{pattern}\n", name: ""}) == [name]


def test_a_pattern_has_a_longest_length() -> None:
    assert errors({"d/.sourceignore": "a\n" + "*a" * 2_500, "d/a.yaml": HEAD}) == [
        (
            "src:d/.sourceignore:2:1: error: the line has 5,000 characters, more than 4,096"
            " [source-too-large]"
        )
    ]


def test_many_patterns_for_many_files_have_an_end() -> None:
    files = {f"{number}.yaml": "" for number in range(2_000)}
    files[".sourceignore"] = "x*y\n" * 2_000
    assert errors(files) == [
        (
            "src:.sourceignore:1:1: error: the repository holds 2,001 lines of .sourceignore for"
            " 2,001 files [source-too-large]"
        )
    ]


def test_a_huge_file_of_a_folder_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(3 << 30)
    (tmp_path / "a.yaml").write_text(HEAD)
    source = read_folder(tmp_path)
    assert sorted(source.files) == ["a.yaml"]
    assert source.skipped == {"huge.yaml": "larger than 16 MiB"}


def test_a_folder_of_too_many_bytes_is_refused(tmp_path: Path) -> None:
    for number in range(33):
        with (tmp_path / f"{number}.yaml").open("wb") as file:
            file.truncate(16 << 20)
    with pytest.raises(KalypsoError, match="the folder holds more than 100,000 files, or 512 MiB"):
        read_folder(tmp_path)


def test_a_repository_that_takes_too_long_is_refused_once() -> None:
    times = iter(range(0, 1_000, 50))
    left, problems = Budget(clock=lambda: next(times)), Collector()
    files = {f"{number}.yaml": HEAD.replace("a}", f"a{number}}}").encode() for number in range(9)}
    found = read_tree_objects(Source("src:", files), ".", problems, left)
    assert [raw.name for raw in found] == ["a0", "a1"]
    assert [str(problem).splitlines()[0] for problem in problems.errors] == [
        (
            "src:2.yaml:1:1: error: reading the repository takes more than 120 seconds"
            " [source-too-large]"
        )
    ]


def test_files_that_are_all_wrong_take_no_longer() -> None:
    times = iter(range(0, 1_000, 50))
    left, problems = Budget(clock=lambda: next(times)), Collector()
    files = {f"{number}.yaml": b"a: [" for number in range(9)}
    read_tree_objects(Source("src:", files), ".", problems, left)
    assert [problem.code for problem in problems.errors] == [
        "yaml-syntax",
        "yaml-syntax",
        "source-too-large",
    ]


def test_kustomizations_that_take_too_long_are_refused_once() -> None:
    times = iter(range(0, 1_000, 50))
    left, problems = Budget(clock=lambda: next(times)), Collector()
    files = {path: text.encode() for path, text in chain(8, prefix=True).items()}
    with problems.catching():
        read_tree_objects(Source("src:", files), ".", problems, left)
    assert [problem.code for problem in problems.errors] == ["source-too-large"]
