"""Files that a kustomization names are read wherever the tree comes from, whatever their suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kalypso.errors import Collector
from kalypso.git.write import NO_COMMIT, RefUpdate, create_repository, update_refs, write_commit
from kalypso.loading.folders import read_folder
from kalypso.loading.named_files import named_files
from kalypso.loading.sources import NamedRepositories
from kalypso.loading.tree import read_tree_objects
from kalypso.model.repositories import Pointer, Source
from tests.git.conftest import Repository
from tests.loading.test_sources import SIGNATURE
from tests.standins.github.server import TOKEN, GitHubServer

OBJECT = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: named}\n"
FILES = {
    "kustomization.yaml": b"resources: [maps, deep/map.json]\ncrds: [types]\n",
    "maps/kustomization.yml": b"resources: [one.txt, ../two]\n",
    "maps/one.txt": OBJECT.replace(b"named", b"one"),
    "two": OBJECT.replace(b"named", b"two"),
    "deep/map.json": OBJECT,
    "types": b"{}",
    "README.md": b"not a manifest",
    "large.txt": b"not named by anybody",
}
NEEDED = FILES.keys() - {"README.md", "large.txt"}

Reading = Callable[[Path, pytest.MonkeyPatch], Source]


def of_folder(tmp_path: Path, _: pytest.MonkeyPatch) -> Source:
    for path, content in FILES.items():
        place = tmp_path / "tree" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return read_folder(tmp_path / "tree")


def of_branch(tmp_path: Path, _: pytest.MonkeyPatch) -> Source:
    folder = tmp_path / "app.git"
    create_repository(folder, branch="main")
    made = write_commit(folder, parents=[], changes=FILES, message="all\n", signature=SIGNATURE)
    update_refs(folder, [RefUpdate("refs/heads/main", NO_COMMIT, made)])
    pointer = Pointer(repo="https://git.example/app", branch="main")
    return NamedRepositories(folder=tmp_path).read(pointer)


def of_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with GitHubServer(tmp_path / "github") as server:
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        monkeypatch.setenv("GITHUB_SERVER_URL", server.url)
        Repository(server.add("acme/app").folder).commit("main", {**FILES})
        pointer = Pointer(repo=f"{server.url}/acme/app", branch="main")
        return NamedRepositories().read(pointer)


@pytest.mark.parametrize("read", [of_folder, of_branch, of_server])
def test_named_files_are_read_and_no_others(
    read: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = read(tmp_path, monkeypatch)
    assert source.files.keys() == NEEDED
    problems = Collector()
    found = read_tree_objects(source, ".", problems)
    assert sorted(raw.name for raw in found) == ["named", "one", "two"]
    assert problems.errors == []


def test_a_link_that_is_named_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(OBJECT)
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "kustomization.yaml").write_text("resources: [link, folder/secret]\n")
    (tree / "link").symlink_to(tmp_path / "secret")
    (tree / "folder").symlink_to(tmp_path)
    source = read_folder(tree)
    assert source.files.keys() == {"kustomization.yaml"}
    problems = Collector()
    assert read_tree_objects(source, ".", problems) == []
    assert [each.message for each in problems.errors] == [
        "the resource 'link' does not exist",
        "the resource 'folder/secret' does not exist",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "resources: [../above, ./../../more, /etc/passwd, https://h.example/x]\n",
        "resources: [known.yaml, folder, .]\n",
        "resources: 5\ncrds: {a: b}\nopenapi: [x]\n",
        "resources: [1, null, '', [x]]\n",
        "resources: [x",
        "- x\n",
        "",
    ],
)
def test_what_leads_out_or_names_no_file_is_not_looked_for(text: str) -> None:
    files = {"kustomization.yaml": text.encode(), "known.yaml": b"", "folder/a.yaml": b""}
    assert named_files(files) == frozenset()


def test_a_file_that_an_ignore_file_leaves_out_is_not_there_for_a_kustomization() -> None:
    files = {
        "kustomization.yaml": b"resources: [a.json, pictures.png]\n",
        "a.json": OBJECT,
        "pictures.png": OBJECT,
        ".sourceignore": b"*.json\n*.png\n",
    }
    problems = Collector()
    read_tree_objects(Source("", files), ".", problems)
    assert [each.message for each in problems.errors] == [
        "the resource 'a.json' does not exist",
        "the resource 'pictures.png' does not exist",
    ]
