"""Files and addresses that a reconciler is installed from, read before anything is changed."""

from pathlib import Path

import pytest

from kalypso.errors import SettingsError
from kalypso.stack.install_manifests import read_manifests


def written(folder: Path, text: str) -> str:
    file = folder / "install.yaml"
    file.write_text(text)
    return str(file)


def test_objects_are_read_in_order_also_out_of_lists(tmp_path: Path) -> None:
    source = written(
        tmp_path,
        "# empty\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: one}\n---\n"
        "apiVersion: v1\nkind: List\nitems:\n"
        "  - {apiVersion: v1, kind: Secret, metadata: {name: two}}\n",
    )
    assert [each["metadata"]["name"] for each in read_manifests(source)] == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("just text\n", "a document is not a Kubernetes object"),
        ("[1, 2]\n", "a document is not a Kubernetes object"),
        ("metadata: {name: a}\n", "a document is not a Kubernetes object"),
        ("kind: Secret\nmetadata: {name: a}\n", "a Secret has no apiVersion or no name"),
        ("apiVersion: v1\nkind: Secret\n", "a Secret has no apiVersion or no name"),
        ("apiVersion: v1\nkind: Secret\nmetadata: {}\n", "a Secret has no apiVersion or no name"),
        ("kind: List\nitems: [1]\n", "a document is not a Kubernetes object"),
        ("a: [\n", "they are not YAML"),
    ],
)
def test_what_is_not_a_list_of_objects_is_refused(tmp_path: Path, text: str, why: str) -> None:
    source = written(tmp_path, text)
    with pytest.raises(SettingsError) as refused:
        read_manifests(source)
    assert str(refused.value).startswith(f"{source}:1:1: error: the manifests that install")
    assert why in str(refused.value)


def test_a_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        read_manifests(str(tmp_path / "none.yaml"))


def test_an_address_that_everybody_on_the_way_could_change_is_refused() -> None:
    with pytest.raises(SettingsError, match="does not begin with https://"):
        read_manifests("http://example.com/install.yaml")


def test_a_host_that_does_not_answer_is_a_problem_of_the_settings() -> None:
    with pytest.raises(SettingsError, match="cannot be used"):
        read_manifests("https://127.0.0.1:1/install.yaml")
