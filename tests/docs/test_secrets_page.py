"""Each example of the page on secrets is a template that renders, and holds no secret."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
import yaml

from kalypso.conformance.object_kind import kind_of
from kalypso.conformance.shipped_schemas import shipped_schemas
from kalypso.conformance.violations import ObjectSchema
from tests.cli.command import Result, run
from tests.cli.test_render import materialise
from tests.platforms.case_file import HERE, read

PAGE = Path(__file__).parents[2] / "docs/how-to/secrets.md"
MODEL = ("-e", "dev", "--base", "base", "--control-plane", "env", "--repositories", "repositories")
VALUES = {"KEY_VAULT": "team", "VAULT_CLIENT_ID": "1f0e", "TENANT_ID": "9a8b"}
KINDS = ["ExternalSecret", "Kustomization", "SecretProviderClass"]


def examples() -> dict[str, str]:
    """Return the examples of the page by their kinds."""
    texts = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return {re.findall(r"^kind: (\S+)$", text, re.MULTILINE)[0]: text for text in texts}


def rendered(folder: Path, text: str, *options: str) -> Result:
    """Render an example in the place of the template for namespaces."""
    materialise(dict(read(HERE / "bases" / "small.txt").given), folder)
    vaults = yaml.safe_load(examples()["ConfigMap"])
    vaults["data"] |= VALUES
    (folder / "env/vaults.yaml").write_text(yaml.safe_dump(vaults))
    templates = folder / "base/templates.yaml"
    plain = "namespace: {{ .Namespace }}\n"
    templates.write_text(
        templates.read_text()
        .replace(f"      {plain}", textwrap.indent(text, "      "))
        .replace("sync: ", "apiVersion: v1\n      kind: ConfigMap\n      metadata: {name: ")
        .replace("from {{ .Manifests.repo }}", "}")
    )
    workload = folder / "repositories/app-src/workload.yaml"
    workload.write_text(workload.read_text().replace("./test}", "./test, secrets: team/app}"))
    return run(["render", *MODEL, *options, "--out", "out"], folder)


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_renders_and_all_its_values_come_from_the_model(
    kind: str, tmp_path: Path
) -> None:
    done = rendered(tmp_path, examples()[kind], "--allow-kind", f"namespace={kind}")
    assert (done.code, done.err) == (0, "")
    (body,) = yaml.safe_load_all((tmp_path / "out/large/app-test/namespace.yaml").read_text())
    assert body["kind"] == kind
    assert "{{" not in str(body)


def test_the_kind_has_to_be_admitted_as_the_page_says(tmp_path: Path) -> None:
    text = examples()["ExternalSecret"].replace(
        "kind: ExternalSecret", "kind: {{ `ExternalSecret` }}"
    )
    assert "ExternalSecret" in rendered(tmp_path, text).err


def test_the_example_for_flux_conforms_to_its_schema(tmp_path: Path) -> None:
    rendered(tmp_path, examples()["Kustomization"], "--allow-kind", "namespace=Kustomization")
    body = yaml.safe_load((tmp_path / "out/large/app-test/namespace.yaml").read_text())
    kind = kind_of(body)
    assert kind is not None
    assert list(ObjectSchema.compiled(shipped_schemas()[kind]).violations(body, "it")) == []


def test_every_reconciler_has_an_example() -> None:
    headings = re.findall(r"^## .*, with (.*)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert set(headings) == {"Flux", "Argo CD"}
    assert examples().keys() == {"ConfigMap", *KINDS}
