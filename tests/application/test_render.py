"""`kalypso app render`: charts, kustomizations and plain files, on input that nobody trusts."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from unittest.mock import patch

import pytest

from kalypso.application.ways.program import run_program
from tests.application.bench import DIGEST, GITOPS, target, workload
from tests.cli.command import Result, run

SAMPLE = Path(__file__).parents[2] / "sample"
APP = SAMPLE / "app-src"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Copy the sample's application; nobody's source is changed."""
    shutil.copytree(APP / "main", tmp_path / "app")
    shutil.copytree(APP / "dev-configs", tmp_path / "values")
    return tmp_path


def renders(folder: Path, *words: str, environment: str = "dev") -> Result:
    given = ("-e", environment, "--source", "app", "--configs", "values", *words)
    return run(["app", "render", *given], folder)


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.usefixtures("helm")
def test_sample_renders_to_what_its_gitops_repository_holds(app: Path) -> None:
    done = renders(app, "--out", "out")
    assert (done.code, done.out) == (
        0,
        (
            "functional-test: 2 files, Helm chart chart with values/functional-test/values.yaml\n"
            "performance-test: 2 files, Helm chart chart with values/performance-test/values.yaml\n"
        ),
    )
    for name in ("functional-test/deployment.yaml", "performance-test/service.yaml"):
        delivered = SAMPLE / "app-gitops/dev" / name
        assert (app / "out" / name).read_bytes() == delivered.read_bytes()


@pytest.mark.usefixtures("helm")
def test_exact_image_takes_the_place_of_the_charts(app: Path) -> None:
    exact = f"ghcr.io/acme/hello-world@{DIGEST}"
    (first, _) = json.loads(renders(app, "--image", f"hello-world={exact}", "-o", "json").out)[
        "targets"
    ]
    assert first["images"] == [exact]
    assert f'          image: "{exact}"\n' in first["files"]["deployment.yaml"]
    assert "# Written by the platform" in first["files"]["deployment.yaml"]


@pytest.mark.usefixtures("helm")
def test_dry_run_writes_no_folder(app: Path) -> None:
    assert renders(app, "--out", "out", "--dry-run").code == 0
    assert not (app / "out").exists()


@pytest.mark.usefixtures("helm")
def test_target_without_values_is_named_with_those_that_have_some(app: Path) -> None:
    (app / "values/functional-test").rename(app / "values/smoke-test")
    refused = renders(app)
    assert (refused.code, refused.err) == (
        2,
        (
            "values/functional-test/values.yaml:1:1: error: the target 'functional-test' has no"
            " values [no-values]\n"
            "  hint: there are values for performance-test, smoke-test; if the target was renamed,"
            " rename the folder of its values too\n"
        ),
    )


@pytest.mark.usefixtures("helm")
@pytest.mark.parametrize(
    ("new", "place"),
    [
        ("quote .Values.deploymentTarget.of.nothing", ":35:37: error: "),
        ("quote .Values.deploymentTarget }} {{ fail .Values.deploymentTarget", ":35:"),
        ("quote (", ":35:1: error: "),
        ("noSuchFunction", ":35:1: error: "),
    ],
)
def test_chart_that_does_not_render_is_reported_with_its_line(
    app: Path, new: str, place: str
) -> None:
    template = app / "app/chart/templates/deployment.yaml"
    change(template, "quote .Values.deploymentTarget", new)
    refused = renders(app, "--out", "out")
    assert refused.code == 2
    assert refused.err.startswith(f"app/chart/templates/deployment.yaml{place}")
    assert "[chart-does-not-render]" in refused.err
    assert not (app / "out").exists()


@pytest.mark.usefixtures("helm")
def test_values_that_the_charts_schema_refuses_are_the_place(app: Path) -> None:
    schema = '{"properties": {"replicas": {"type": "integer", "maximum": 1}}}'
    (app / "app/chart/values.schema.json").write_text(schema)
    refused = renders(app)
    assert refused.err.startswith("values/performance-test/values.yaml:1:1: error: the chart does")


@pytest.mark.usefixtures("helm")
def test_chart_that_prints_something_else_than_objects_is_refused(app: Path) -> None:
    (app / "app/chart/templates/notes.yaml").write_text("hello: world\n")
    refused = renders(app)
    assert refused.code == 2
    assert "manifests of functional-test: notes.yaml:1:1: error: document 1 is not a" in refused.err
    assert "[manifest-not-object]" in refused.err


@pytest.mark.usefixtures("helm")
def test_chart_sees_nothing_of_the_machine(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "c4nary")
    (app / "secret").write_text("c4nary")
    (app / "app/chart/leak").symlink_to(app / "secret")
    leak = '{{ env "SECRET" }}{{ .Files.Get "leak" }}{{ .Files.Get "../../secret" }}'
    (app / "app/chart/templates/leak.yaml").write_text(
        f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: leak\ndata:\n  a: '{leak}'\n"
    )
    refused = renders(app, "-o", "json")
    assert "c4nary" not in refused.out + refused.err
    change(app / "app/chart/templates/leak.yaml", '{{ env "SECRET" }}', "")
    assert "c4nary" not in renders(app, "-o", "json").out


@pytest.mark.usefixtures("helm")
def test_chart_that_prints_for_ever_is_given_up(app: Path) -> None:
    loop = '{{ range until 100000 }}{{ range until 100000 }}{{ "kind: X" }}{{ end }}{{ end }}'
    (app / "app/chart/templates/loop.yaml").write_text(loop)
    bounds = {"seconds": 0.5, "most": 1 << 20}
    with patch.object(run_program, "__kwdefaults__", bounds):
        refused = renders(app)
    assert refused.code == 2
    assert "[render-limit]" in refused.err


def test_helm_that_is_missing_is_said_in_one_message(
    app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(app))
    refused = renders(app)
    assert (refused.code, refused.err) == (
        2,
        (
            "helm:1:1: error: the application has a Helm chart, and helm is not on PATH [no-helm]\n"
            "  hint: install Helm 3.8 or later: https://helm.sh/docs/intro/install/\n"
        ),
    )


@pytest.mark.parametrize("version", ["v3.2.4", "v2.17.0", "nonsense"])
def test_helm_that_is_too_old_is_said_in_one_message(
    app: Path, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _script(app / "bin" / "helm", f"echo {version}")
    monkeypatch.setenv("PATH", os.pathsep.join([str(app / "bin"), os.environ["PATH"]]))
    refused = renders(app)
    assert refused.code == 2
    assert f"helm is too old: {version} [old-helm]" in refused.err
    assert refused.err.count("error") == 1


def _script(file: Path, does: str) -> None:
    file.parent.mkdir()
    file.write_text(f"#!/bin/sh\n{does}\n")
    file.chmod(0o755)


BASE = "resources: [deployment.yaml]\n"
OVERLAY = "resources: [../../base]\nnamePrefix: east-\n"
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\n"


@pytest.fixture
def kustomized(tmp_path: Path) -> Path:
    """An application with a base and an overlay for its target."""
    app = tmp_path / "app"
    files = {
        "workload/workload.yaml": workload(target("east", "dev")),
        "kustomize/base/kustomization.yaml": BASE,
        "kustomize/base/deployment.yaml": OBJECT,
        "kustomize/overlays/east/kustomization.yaml": OVERLAY,
    }
    for name, text in files.items():
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_text(text)
    (tmp_path / "values").mkdir()
    return tmp_path


def test_kustomization_is_built_for_its_target(kustomized: Path) -> None:
    (found,) = json.loads(
        run(["app", "render", "-e", "dev", "--source", "app", "-o", "json"], kustomized).out
    )["targets"]
    assert found["repository"] == GITOPS
    assert found["files"] == {
        "configmap-east-shop.yaml": (
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: east-shop\n"
        )
    }


@pytest.mark.parametrize(
    ("overlay", "place"),
    [
        ("resources: [https://example.com/x.yaml]\n", ":1:13: error: 'https://example.com/x.yaml'"),
        ("resources: [github.com/acme/base]\n", ":1:13: error: 'github.com/acme/base'"),
        ("components:\n- git@example.com:a/b\n", ":2:3: error: 'git@example.com:a/b'"),
        ("resources: [../../../../etc]\n", ":1:13: error: '../../../../etc'"),
        ("patches:\n- path: http://127.0.0.1:1/p\n", ":2:3: error: 'http://127.0.0.1:1/p'"),
    ],
)
def test_kustomization_that_reaches_out_is_refused_before_it_is_built(
    kustomized: Path, overlay: str, place: str
) -> None:
    (kustomized / "app/kustomize/overlays/east/kustomization.yaml").write_text(overlay)
    refused = run(["app", "render", "-e", "dev", "--source", "app"], kustomized)
    assert refused.code == 2
    assert refused.err.startswith(f"app/kustomize/overlays/east/kustomization.yaml{place} is not")
    assert "[remote-kustomization]" in refused.err


def test_kustomization_that_does_not_build_is_reported(kustomized: Path) -> None:
    file = kustomized / "app/kustomize/overlays/east/kustomization.yaml"
    file.write_text(f"{OVERLAY}patches: [{{patch: '- op: boil', target: {{kind: ConfigMap}}}}]\n")
    refused = run(["app", "render", "-e", "dev", "--source", "app"], kustomized)
    assert refused.code == 2
    assert "the kustomization does not build for 'east': " in refused.err
    assert "[kustomization-does-not-build]" in refused.err


def test_kustomize_that_is_missing_is_said(
    kustomized: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(kustomized))
    refused = run(["app", "render", "-e", "dev", "--source", "app"], kustomized)
    assert (refused.code, "[no-kustomize]" in refused.err) == (2, True)
