"""What the tests on clusters need is built once, outside the clone, from what is pinned."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.test_environment import script
from tools import cluster_manifests, cluster_parts, project
from tools.cluster_manifests import manifests, provide_manifests
from tools.cluster_parts import CLUSTER, PLUGIN, Part, built, provide
from tools.console import Stop

TWO = Part("two", {"one": "example.com/one", "other": "./other"}, {"main.version": "v1"})
GO = """[ "$1" = env ] && echo 'https://one.example|https://two.example,direct' && exit
echo "$PWD: $* from $GOPROXY" >> {log}
for word in "$@"; do
  [ -n "$next" ] && echo made > "$word" && next=
  [ "$word" = -o ] && next=1
done
exit {code}"""


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with a module below tools/, a cache of its own, and a Go that writes down its use."""
    (tmp_path / "tools" / "two").mkdir(parents=True)
    (tmp_path / "tools" / "two" / "go.sum").write_text("a sum")
    monkeypatch.setattr(cluster_parts, "ROOT", tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    use_go(tmp_path)
    return tmp_path


def use_go(clone: Path, code: int = 0) -> None:
    script(clone / "bin" / "go", GO.format(log=clone / "log", code=code))


def calls(clone: Path) -> list[str]:
    log = clone / "log"
    return log.read_text().splitlines() if log.exists() else []


def test_every_program_is_built_outside_the_clone(clone: Path) -> None:
    folder = provide(TWO)
    assert folder.is_relative_to(clone / "cache" / "kalypso" / "tools")
    assert sorted(path.name for path in folder.iterdir()) == ["one", "other"]
    first, second = calls(clone)
    assert "build -p 2 -trimpath -ldflags -s -w -X main.version=v1 -o" in first
    proxies = "https://one.example,https://two.example"
    assert first.endswith(f"example.com/one from {proxies}")
    assert second.endswith(f"./other from {proxies}")
    assert not first.startswith(str(clone / "tools"))


def test_what_is_built_is_not_built_again(clone: Path) -> None:
    provide(TWO)
    (built(TWO) / "other").unlink()
    provide(TWO)
    provide(TWO)
    assert len(calls(clone)) == 3


def test_two_that_build_the_same_part_build_it_once(clone: Path) -> None:
    script(clone / "bin" / "go", "sleep 0.3\n" + GO.format(log=clone / "log", code=0))
    code = (
        "import sys; from pathlib import Path; from tools import cluster_parts as c\n"
        "c.ROOT = Path(sys.argv[1])\n"
        "c.provide(c.Part('two', {'one': 'example.com/one'}))"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(clone)], cwd=project.ROOT)
        for _ in range(2)
    ]
    assert [each.wait() for each in both] == [0, 0]
    assert len(calls(clone)) == 1


@pytest.mark.parametrize("name", ["go.sum", "go.mod", "main.go"])
def test_another_pin_is_another_build(clone: Path, name: str) -> None:
    before = built(TWO)
    (clone / "tools" / "two" / name).write_text("another")
    assert built(TWO) != before
    assert built(TWO).parent == before.parent


def test_a_build_that_fails_leaves_nothing_that_looks_built(clone: Path) -> None:
    use_go(clone, code=1)
    with pytest.raises(Stop, match="building one failed"):
        provide(TWO)
    assert not (built(TWO) / "one").exists()


def test_without_go_it_says_so(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(clone / "empty"))
    with pytest.raises(Stop, match="there is no Go on PATH"):
        provide(TWO)


def test_without_a_cache_of_ones_own_the_usual_one_is_taken(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(clone / "home"))
    assert built(TWO).parent == clone / "home" / ".cache" / "kalypso" / "tools"


def test_programs_say_the_versions_that_are_pinned() -> None:
    cluster = (project.ROOT / "tools" / CLUSTER.folder / "go.mod").read_text()
    assert "k8s.io/kubernetes v1.36.3\n" in cluster
    assert CLUSTER.variables["k8s.io/component-base/version.gitVersion"] == "v1.36.3"
    assert CLUSTER.variables["k8s.io/component-base/version.gitMinor"] == "36"
    plugin = (project.ROOT / "tools" / PLUGIN.folder / "go.mod").read_text()
    # The commit of this pin has the tag v4.25.0.
    assert "provider/v4 v4.0.0-20260115033456-f47bc2d6f199\n" in plugin
    assert list(PLUGIN.variables.values()) == ["4.25.0"]


@pytest.mark.parametrize("fault", ["sum", "file"])
def test_a_module_that_is_not_what_it_was_makes_no_manifests(
    clone: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    module = "example.com/flux@v1"
    (clone / "module").mkdir()
    answer = {"Dir": str(clone / "module"), "Sum": "h1:other" if fault == "sum" else "h1:same"}
    script(clone / "bin" / "go", f"echo '{json.dumps(answer)}'")
    monkeypatch.setattr(cluster_manifests, "_FILES", {"flux.yaml": ((module, "crds/*.yaml"),)})
    monkeypatch.setattr(cluster_manifests, "_SUMS", {module: "h1:same"})
    sentence = "is not what it was: h1:other" if fault == "sum" else "has no crds"
    with pytest.raises(Stop, match=sentence):
        provide_manifests()
    assert not (manifests() / "flux.yaml").exists()


def test_manifests_are_collected_once_in_the_order_of_their_names(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "example.com/flux@v1"
    for name in ("b", "a"):
        (clone / "module").mkdir(exist_ok=True)
        (clone / "module" / f"{name}.yaml").write_text(f"kind: {name}\n")
    answer = {"Dir": str(clone / "module"), "Sum": "h1:same"}
    asked = f"[ $1 = env ] && exit; echo call >> {clone / 'log'}; echo '{json.dumps(answer)}'"
    script(clone / "bin" / "go", asked)
    files = dict.fromkeys(("flux.yaml", "argocd.yaml"), ((module, "*.yaml"),))
    monkeypatch.setattr(cluster_manifests, "_FILES", files)
    monkeypatch.setattr(cluster_manifests, "_SUMS", {module: "h1:same"})
    provide_manifests()
    provide_manifests()
    assert (manifests() / "flux.yaml").read_text() == "kind: a\n\n---\nkind: b\n"
    assert calls(clone) == ["call", "call"]


def test_the_plugin_embeds_the_schema_of_a_module_that_go_has_to_fetch_first(clone: Path) -> None:
    fetched = clone / "fetched"
    source = fetched / "cmd" / "pulumi-resource-kubernetes"
    source.mkdir(parents=True)
    for name in ("schema", "terraform-mapping"):
        (source / f"{name}.json").write_text('{"version": "0.0.0"}')
    script(
        clone / "bin" / "go",
        '[ "$1" = env ] && exit\n'
        '[ "$1 $2" = "list -m" ] && echo && exit\n'  # its folder, while it has none
        'echo "go: downloading the provider" >&2\n'
        f"""echo '{{"Dir": "{fetched}"}}'""",
    )
    assert PLUGIN.prepare is not None
    PLUGIN.prepare(clone)
    made = json.loads((clone / "schema-embed.json").read_text())
    assert made == {"version": "4.25.0"}
    assert (clone / "terraform-mapping-embed.json").exists()
