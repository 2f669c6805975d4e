"""No text of a team is obeyed: by a terminal, by who reads it, or by the log of a CI system."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kalypso.git import Credentials
from tests.cli.command import FLEET, MODEL, Result, run

ATTACKS = {
    "terminal": "x\x1b[2J\x1b]0;pwned\x07",
    "line": "x\n::stop-commands::t\n::error file=Makefile,line=1::spoofed\n",
    "blanks": "x\r\n \t::add-mask::y",
    "azure": "x ##vso[task.setvariable variable=PATH]/evil ##[error]y",
    "teamcity": "##teamcity[buildStatus status='SUCCESS']",
    "start": "::error::at the start",
    "reversed": "x\u202egnp.exe\u2066y\u061cz",
    "hidden": "x\u200by\ufeffz\U000e0041",
    "line separators": "x\u2028::error::y\u2029::error::z\x85::error::w",
    "sections": "section_start:1:x[collapsed=true]\r\x1b[0Khidden",
}
"""Texts that a team may write wherever YAML takes text."""
OBEYED = re.compile(r"^\s*::|##[A-Za-z]*\[", re.MULTILINE)
SEEN_AS_OTHER = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0041]"
)
COMMANDS = [
    *(["get", what, "-o", form] for what in ("targets", "workloads", "assignments", "configs")
      for form in ("text", "wide", "json", "yaml", "csv", "name")),
    *(["tree", "-o", form] for form in ("text", "json")),
    *(["validate", "-o", form, "-v"] for form in ("text", "json", "github")),
    ["why", "hangar/shop-web"], ["why", "hangar/shop-web", "-o", "json"],
    *(["config", "hangar/shop-web", "-o", form] for form in ("text", "json")),
    *(["diff", "--gitops", "gitops", "--patch", "-o", form]
      for form in ("text", "json", "markdown")),
]  # fmt: skip


def model(folder: Path, attack: str, *, refused: bool = False) -> Path:
    """Copy the fleet, with a text at every place where a team or a platform may write one.

    Args:
        folder: Gets the copy.
        attack: The text.
        refused: Also where it is an error.
    """
    shutil.copytree(FLEET, folder / "fleet")
    place = folder / "fleet"
    assert run(["render", *MODEL, "--out", "gitops"], place).code == 0
    workload = place / "repositories" / "shop-src" / "workload.yaml"
    body = yaml.safe_load(workload.read_text())
    target = body["spec"]["deploymentTargets"][0]
    target["manifests"] |= {"path": attack, attack if refused else "note": attack}
    target[attack] = attack
    body["spec"][attack] = 1
    body["metadata"][attack] = attack
    foreign = {"apiVersion": "v1", "kind": attack, "metadata": {"name": attack}}
    workload.write_text(yaml.safe_dump_all([body, foreign]))
    (place / "dev" / "more.yaml").write_text(
        yaml.safe_dump(
            {
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": {"name": "more", "labels": {"platform-config": "true"}},
                "data": {"text": attack, "nested": yaml.safe_dump({attack: [attack]})},
            }
        )
    )  # fmt: skip
    return place


def assert_inert(result: Result, *, annotations: bool = False) -> None:
    for text in (result.out, result.err):
        lines = text.split("\n")
        if annotations:  # those that begin with one of ours are ours; the rest is not
            ours = re.compile(r"::(error|warning) file=[^:]*::(.*)")
            lines = [found[2] if (found := ours.fullmatch(line)) else line for line in lines]
        left = "\n".join(lines)
        assert not OBEYED.search(left)
        assert not SEEN_AS_OTHER.search(left)
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("attack", "refused"), [*((attack, False) for attack in ATTACKS), ("line", True)]
)
def test_nothing_of_a_team_is_obeyed_in_any_output(
    attack: str, *, refused: bool, tmp_path: Path
) -> None:
    place = model(tmp_path, ATTACKS[attack], refused=refused)
    for command, *arguments in COMMANDS:
        result = run([command, *MODEL, *arguments], place)
        assert_inert(result, annotations="github" in arguments)


def test_what_is_escaped_in_json_and_yaml_still_says_the_same(tmp_path: Path) -> None:
    place = model(tmp_path, ATTACKS["azure"])
    for form, read in (("json", json.loads), ("yaml", yaml.safe_load)):
        result = run(["get", *MODEL, "targets", "-o", form], place)
        [web] = [each for each in read(result.out)["items"] if each["name"] == "shop-web"]
        assert web["manifests"]["path"] == ATTACKS["azure"]


def test_the_cell_of_a_table_never_breaks_its_line(tmp_path: Path) -> None:
    place = model(tmp_path, ATTACKS["line"])
    result = run(["get", *MODEL, "targets", "-o", "wide"], place)
    assert [line.split()[0] for line in result.out.splitlines()] == [
        "NAME", "metrics-agent", "shop-orders", "shop-web",
    ]  # fmt: skip


def test_a_folder_whose_name_is_a_command_is_only_a_name(tmp_path: Path) -> None:
    place = model(tmp_path, "plain")
    (place / "::error::x\n##vso[x]y").mkdir()
    (place / "::error::x\n##vso[x]y" / "a.yaml").write_text("a: [\n")
    for form in ("text", "json", "github"):
        arguments = [*MODEL, "--control-plane", "::error::x\n##vso[x]y", "-o", form]
        result = run(["validate", *arguments], place)
        assert_inert(result, annotations=form == "github")
        assert result.code == 2


def test_a_schema_of_a_team_shows_no_value_of_the_platform(tmp_path: Path) -> None:
    place = model(tmp_path, "plain")
    (place / "dev" / "secret.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\n"
        "metadata: {name: secret, labels: {platform-config: 'true'}}\n"
        "data: {DATABASE: 'mysql://host/c4nary', PORT: '31337'}\n"
    )
    workload = place / "repositories" / "shop-src" / "workload.yaml"
    body = next(yaml.safe_load_all(workload.read_text()))
    schemas: list[dict[str, object]] = [
        {"not": {}},
        {"properties": {"DATABASE": {"type": "integer"}}},
        {"properties": {"DATABASE": {"enum": ["x"]}}},
        {"properties": {"DATABASE": {"pattern": "^x" + "x" * 500}}},
        {"properties": {"PORT": {"maximum": 1}}},
        {"additionalProperties": {"maxLength": 1}},
        {"maxProperties": 0},
        {"if": {"required": ["PORT"]}, "then": False},
        {"anyOf": [{"required": ["x"]}, {"required": ["y"]}]},
    ]
    body["spec"]["configSchemas"] = [json.dumps(schema) for schema in schemas]
    workload.write_text(yaml.safe_dump(body))
    found = run(["validate", *MODEL], place)
    assert found.out.count("[schema-violation]") >= 9
    assert "c4nary" not in found.out
    assert "31337" not in found.out
    assert max(map(len, found.out.splitlines())) < 500


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_a_known_secret_is_masked_wherever_it_is_printed(form: str, tmp_path: Path) -> None:
    Credentials({"git.example": "kn0wn-c4nary"})
    place = model(tmp_path, "my kn0wn-c4nary here")
    result = run(["validate", *MODEL, "-o", form], place)
    assert "***" in result.out
    assert "kn0wn-c4nary" not in result.out + result.err


def test_every_text_of_a_command_goes_the_same_way() -> None:
    folder = Path(__file__).parents[2] / "kalypso" / "cli"
    direct = {path.name for path in folder.glob("*.py") if "click.echo(" in path.read_text()}
    assert direct == {
        "__init__.py",  # a word of ours
        "ci.py",  # scripts of ours, and a comment that is Markdown
        "form.py",  # the way itself
        "pager.py",  # the way itself, page by page
        "pr.py",  # a difference, for programs
        "problems.py",  # coloured
        "validate.py",  # annotations, which are commands
        "version.py",  # words of ours
    }


CANARY = "t0k3n-c4nary"


@pytest.mark.parametrize(
    "address",
    [
        f"https://{CANARY}@git.example/x",
        f"https://ada:{CANARY}@git.example/x@main",
        f"https://ada:{CANARY}/y@git.example/x@main",
        f"ssh://ada:{CANARY}@git.example/x@main",
        f"ada:{CANARY}@git.example:x",
        f"ada:{CANARY}@git.example:x@main",
        f"https://git.example/x?token={CANARY}@main",
        f"https://git.example/x?token={CANARY}",
    ],
)
def test_no_option_shows_the_credentials_in_an_address(address: str) -> None:
    for arguments in (
        ["validate", "-e", "dev", "--control-plane", address],
        ["validate", *MODEL, "--base", address],
        ["validate", *MODEL, "--repo", f"{address}=repositories"],
        ["validate", *MODEL, "--repo", address],
        ["diff", *MODEL, "--gitops", address],
        ["verify", "--commit", "HEAD", "--gitops", address],
        ["pr", "list", "--repository", address],
        ["issues", "list", "--repository", address],
    ):
        result = run(arguments)
        assert result.code == 2, arguments
        assert CANARY not in result.out + result.err, arguments


@pytest.mark.parametrize(
    "name", ["x" * 5_000, "x" * 300, "~nosuch", "~nosuch@main", "a\x01b", "x" * 300 + "@main"]
)
def test_no_name_on_the_command_line_is_a_traceback(name: str, tmp_path: Path) -> None:
    shutil.copytree(FLEET, tmp_path / "fleet")
    place = tmp_path / "fleet"
    for arguments in (
        ["validate", "-e", "dev", "--control-plane", name],
        ["validate", *MODEL, "--base", name],
        ["validate", *MODEL, "--repositories", name],
        ["validate", *MODEL, "--repo", f"https://git.example/shop-src={name}"],
        ["diff", *MODEL, "--gitops", name],
        ["diff", *MODEL, "--from", name],
        ["verify", "--commit", name, "--gitops", "dev"],
        ["verify", "--commit", "HEAD", "--gitops", name],
        ["why", *MODEL, name],
        ["config", *MODEL, name],
        ["pr", "list", "--forge", name],
        ["pr", "list", "--forge", ".", "--repository", name],
        ["issues", "list", "--forge", name],
        ["forge", "serve", "--forge", name],
        ["schema", "--out", f"dev/repositories.yaml/{name}"],
    ):
        result = run(arguments, place)
        assert result.code == 2, arguments
        assert "error: " in (result.out + result.err).lower(), arguments


LONG = "x" * 5_000
CUT = f"{'x' * 200}… (4,800 more characters)"
NAME_ONE = "  hint: name a folder, or a branch as REPOSITORY@BRANCH or REPOSITORY@BRANCH:PATH\n"


@pytest.mark.parametrize(
    ("option", "name", "told"),
    [
        ("--base", LONG, f"{CUT}:1:1: error: there is no such folder [no-such-folder]\n{NAME_ONE}"),
        (
            "--base", "~nosuch@main",
            "~nosuch:1:1: error: '~nosuch' names the home folder of nobody here [bad-repository]\n",
        ),
        (
            "--base", "~nosuch",
            f"~nosuch:1:1: error: there is no such folder [no-such-folder]\n{NAME_ONE}",
        ),
        ("--repositories", LONG, f"{LONG}:1:1: error: there is no such folder [option]\n"),
        ("--repositories", "a\x01b", "a\\u0001b:1:1: error: there is no such folder [option]\n"),
        (
            "--repo", "https://git.example/shop-src=~nosuch@main",
            "~nosuch:1:1: error: '~nosuch' names the home folder of nobody here [bad-repository]\n",
        ),
    ],
    ids=lambda value: value[:20],
)  # fmt: skip
def test_a_name_that_no_file_can_have_is_reported(option: str, name: str, told: str) -> None:
    result = run(["validate", *MODEL, option, name])
    assert (result.code, result.out + result.err) == (2, told)


@pytest.mark.parametrize(
    "arguments", [["validate", *MODEL], ["get", "targets", *MODEL], ["--help"]]
)
def test_output_that_cannot_be_written_is_reported(arguments: list[str]) -> None:
    code = "from kalypso.cli import main; main()"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=FLEET, stdout=full,
            stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert "the system refuses this: No space left on device [refused-by-system]" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments", [["validate", *MODEL], ["explain", "missing-key"], ["--help"]]
)
def test_a_reader_that_has_gone_ends_a_command_without_a_word(arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    code = "from kalypso.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=FLEET, stdout=writer,
        stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")
