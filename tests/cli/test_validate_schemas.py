"""`kalypso validate --schemas`: rendered objects, compared with the schemas of clusters."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import Result, run
from tests.cli.test_render import materialise
from tests.conformance.played import kubernetes_schemas
from tests.platforms.case_file import HERE, read

MODEL = ["-e", "dev", "--base", "base", "--control-plane", "env", "--repositories", "repositories"]
RECONCILER = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: '{{ .DeploymentTargetName }}', namespace: flux-system}
spec:
  interval: 30s
  prune: true
  serviceAccountName: team
  sourceRef: {kind: GitRepository, name: source}
"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: '{{ .Namespace }}'}\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata: {a: b}\n"
TEMPLATE = """\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: Template
metadata: {{name: {}}}
spec:
  type: {}
  manifests:
    - |
"""
SUMMARY = "(1 cluster type, 1 deployment target, 1 policy, 1 assignment)\n"
COMPARED = "compared with schemas of Kubernetes 1.37, Flux and Argo CD\n"
SECRET = "hunter2"  # noqa: S105 - what nothing may show


@pytest.fixture(autouse=True)
def _found() -> Iterator[None]:
    with kubernetes_schemas():
        yield


def written(name: str, kind: str, text: str) -> str:
    return TEMPLATE.format(name, kind) + "".join(f"      {line}\n" for line in text.splitlines())


@pytest.fixture
def model(tmp_path: Path) -> Path:
    materialise(dict(read(HERE / "bases" / "small.txt").given), tmp_path)
    templates(tmp_path)
    return tmp_path


def templates(folder: Path, rec: str = RECONCILER, ns: str = NAMESPACE, cfg: str = CONFIG) -> None:
    parts = [
        written("rec", "reconciler", rec),
        written("ns", "namespace", ns),
        written("cfg", "config", cfg),
    ]
    (folder / "base" / "templates.yaml").write_text("---\n".join(parts))


def validate(folder: Path, *options: str) -> Result:
    return run(["validate", *MODEL, *options], folder)


def test_objects_in_order_are_counted(model: Path) -> None:
    result = validate(model, "--schemas")
    assert (result.code, result.err) == (0, "")
    assert result.out == f"dev: 0 errors, 0 warnings {SUMMARY}3 objects {COMPARED}"


def test_without_the_option_nothing_is_compared(model: Path) -> None:
    templates(model, rec=RECONCILER.replace("interval", "intervall"))
    result = validate(model)
    assert (result.code, result.out) == (0, f"dev: 0 errors, 0 warnings {SUMMARY}")


def test_a_mistake_has_the_place_in_the_template_its_line_and_the_nearest_name(
    model: Path,
) -> None:
    templates(model, rec=RECONCILER.replace("interval", "intervall"))
    result = validate(model, "--schemas")
    assert result.code == 2
    assert result.out == (
        "base/templates.yaml:12:9: error: template 'rec': the Kustomization has an unknown field"
        " spec.intervall (assignment large/app-test) [manifest-schema]\n"
        "  12 |         intervall: 30s\n"
        "               ^\n"
        "  hint: did you mean 'interval'?\n"
        f"dev: 1 error, 0 warnings {SUMMARY}3 objects {COMPARED}"
    )


def test_a_mistake_in_96_assignments_is_one_error(model: Path) -> None:
    workload = model / "repositories" / "app-src" / "workload.yaml"
    head, target = workload.read_text().split("    - name: test\n")
    targets = "".join(f"    - name: t{number:02}\n{target.rstrip()}\n" for number in range(96))
    workload.write_text(head + targets)
    templates(model, ns=NAMESPACE.replace("metadata", "metdata: {}\nmetadata"))
    result = validate(model, "--schemas")
    (error,) = [line for line in result.out.splitlines() if " error: " in line]
    assert error == (
        "base/templates.yaml:26:7: error: template 'ns': the Namespace has an unknown field metdata"
        " (assignment large/app-t00 and 95 more) [manifest-schema]"
    )
    assert f"288 objects {COMPARED}" in result.out


def test_programs_get_the_mistakes_and_what_was_compared(model: Path) -> None:
    (model / "own").mkdir()
    own = "---\napiVersion: example.com/v1\nkind: Own\nmetadata: {name: a}\n"
    templates(model, ns=NAMESPACE + "spec: []\n" + own)
    found = json.loads(
        validate(model, "--schemas", "-o", "json", "--allow-kind", "namespace=*").out
    )
    assert found["valid"] is False
    (problem,) = [each for each in found["problems"] if each["severity"] == "error"]
    assert (problem["code"], problem["at"]["line"], problem["at"]["column"]) == (
        "manifest-schema",
        27,
        7,
    )
    assert found["schemas"] == {
        "kubernetes": "1.37",
        "compared": 3,
        "withoutSchema": [{"apiVersion": "example.com/v1", "kind": "Own", "objects": 1}],
    }
    assert "schemas" not in json.loads(validate(model, "-o", "json").out)


def test_an_object_that_nobody_has_a_schema_of_is_a_note_and_no_error(model: Path) -> None:
    own = "---\napiVersion: example.com/v1\nkind: Own\nmetadata: {name: a}\n"
    templates(model, cfg=CONFIG + own + own.replace("a}", "b}") + own.replace("Own", "More"))
    result = validate(model, "--schemas")
    assert result.code == 0
    assert result.out.endswith(
        f"3 objects {COMPARED}note: there is no schema for 3 objects:"
        " 1 of More (example.com/v1), 2 of Own (example.com/v1)\n"
    )


def test_a_folder_brings_the_schema_that_is_missing(model: Path) -> None:
    (model / "own").mkdir()
    (model / "own" / "own-example.com-v1.json").write_text('{"required": ["spec"]}')
    own = "---\napiVersion: example.com/v1\nkind: Own\nmetadata: {name: a}\n"
    templates(model, cfg=CONFIG + own)
    result = validate(model, "--schemas", "own")
    assert "template 'cfg': the Own lacks spec (assignment" in result.out
    assert result.out.endswith(f"4 objects {COMPARED}")


def test_a_kind_of_kubernetes_that_it_does_not_have_is_an_error(model: Path) -> None:
    templates(model, cfg=CONFIG.replace("ConfigMap", "ConfigMapp"))
    result = validate(model, "--schemas")
    assert result.code == 2
    assert (
        "error: template 'cfg': Kubernetes 1.37 has no ConfigMapp (v1) (assignment large/app-test)"
        " [manifest-schema]\n  36 |       kind: ConfigMapp\n             ^\n"
        "  hint: did you mean 'ConfigMap'?\n"
    ) in result.out


def test_the_version_of_kubernetes_decides_what_there_is(model: Path) -> None:
    address = "---\napiVersion: networking.k8s.io/v1beta1\nkind: IPAddress\nmetadata: {name: a}\n"
    address += "spec: {parentRef: {name: a, resource: services}}\n"
    templates(model, cfg=CONFIG + address)
    older = validate(model, "--schemas", "--kubernetes-version", "1.36")
    assert older.code == 0
    assert "4 objects compared with schemas of Kubernetes 1.36, " in older.out
    newer = validate(model, "--schemas")
    assert "Kubernetes 1.37 has no IPAddress (networking.k8s.io/v1beta1)" in newer.out


def test_a_list_is_compared_object_by_object(model: Path) -> None:
    items = f"  - {{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}, data: [{SECRET}]}}\n"
    templates(model, cfg=f"apiVersion: v1\nkind: List\nitems:\n{items}")
    result = validate(model, "--schemas", "--allow-kind", "config=*")
    assert "template 'cfg': data of the ConfigMap is not a mapping" in result.out


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_nothing_of_a_secret_is_shown_and_no_value_that_was_rendered(
    model: Path, form: str
) -> None:
    secret = f"---\napiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata: [{SECRET}]\n"
    value = "---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: {{ .W }}}\n"
    value = value.replace("{{ .W }}", "{{ .Manifests.kind }}")
    workload = model / "repositories" / "app-src" / "workload.yaml"
    workload.write_text(
        workload.read_text().replace("path: ./test", f"path: ./test, kind: {SECRET}")
    )
    templates(model, cfg=CONFIG + secret + value)
    result = validate(model, "--schemas", "-o", form)
    assert result.code == 2
    assert "data of the Secret is not a mapping" in result.out
    assert "spec.ports of the Service is not a list" in result.out
    assert SECRET not in result.out + result.err


def test_a_configuration_without_a_template_is_compared_too(model: Path) -> None:
    cluster = model / "env" / "large.yaml"
    cluster.write_text(cluster.read_text().replace("configType: cfg", "configType: configMap"))
    (model / "env" / "config.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\n"
        "metadata: {name: all, labels: {platform-config: 'true'}}\ndata: {a: b}\n"
    )
    assert validate(model, "--schemas").out.endswith(f"3 objects {COMPARED}")


def test_a_mistake_that_stops_rendering_is_reported_beside_the_others(model: Path) -> None:
    templates(model, ns=NAMESPACE.replace("Namespace }}", "Namespce }}"))
    result = validate(model, "--schemas")
    assert result.code == 2
    assert "Namespce" in result.out
    assert f"0 objects {COMPARED}" in result.out


def test_a_manifest_that_is_too_large_to_be_compared_is_an_error(model: Path) -> None:
    templates(
        model, cfg=CONFIG.replace("a: b", 'a: \'{{ repeat 500000 "ü" }}{{ repeat 50000 "ü" }}\'')
    )
    result = validate(model, "--schemas")
    assert result.code == 2
    assert (
        "large/app-test/config.yaml:1:1: error: the manifest cannot be compared with schemas: the"
        " file has 1,100,070 bytes, more than 1,048,576 [file-too-large]\n"
    ) in result.out
    assert f"2 objects {COMPARED}" in result.out


def test_a_missing_package_is_one_error(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(HERE)])
    result = validate(model, "--schemas")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "--schemas:1:1: error: --schemas needs Kubernetes' schemas, which are not installed"
        " [no-library]\n  hint: pip install 'kalypso-on-pulumi[schemas]'\n"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--kubernetes-version", "1.36"], "this option is only used with --schemas [option]"),
        (["--schemas", "--kubernetes-version", "2"], "there are no schemas of Kubernetes '2'"),
        (["--schemas", "nowhere"], "nowhere:1:1: error: there is no such folder [no-such-folder]"),
        (["--schemas", "env/large.yaml"], "there is no such folder [no-such-folder]"),
    ],
)
def test_a_wrong_option_is_said_before_anything_is_read(
    model: Path, options: list[str], message: str
) -> None:
    result = validate(model, *options)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_a_link_in_the_folder_is_not_followed(model: Path) -> None:
    (model / "own").mkdir()
    (model / "own" / "a-v1.json").symlink_to(model / "env" / "large.yaml")
    result = validate(model, "--schemas", "own")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "own/a-v1.json:1:1: error: this is a symbolic link and cannot be read [unreadable]\n"
    )


def test_a_report_says_what_was_compared_too(
    model: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("report")
    validate(model, "--schemas", "-o", "github", "--report", str(folder))
    text = (folder / "problems.txt").read_text()
    assert text == validate(model, "--schemas").out
    assert text.endswith(COMPARED)
