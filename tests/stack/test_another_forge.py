"""A new kind of forge is one folder and one line in a table: nothing else has to know of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from components.provider.gitops_branch import GitOpsBranch
from components.provider.values import Properties
from kalypso.beginning import Choices, begin
from kalypso.cli.pr import command
from kalypso.delivery import PROPOSED_COMMIT
from kalypso.doctor.tools import check_tools
from kalypso.errors import Problems, SettingsError
from kalypso.forge.address import FORGES
from kalypso.stack.access import ProviderConfiguration
from kalypso.stack.issues import settle_after_success
from kalypso.stack.schedule import make_schedule
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import parse_settings
from kalypso.stack.wording import make_wording
from tests.doctor.played import Played
from tests.stack.forge import SampleForge
from tests.stack.toy_forge import URL, Toy, ToyKind, ToyPlace

ROOT = Path(__file__).parents[2]
ELSEWHERE = b"""\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: GitOpsRepo
metadata:
  name: dev
spec:
  repo: https://git.example.com/acme/gitops
  branch: dev
"""


@pytest.fixture(autouse=True)
def _one_line_in_the_table() -> Iterator[None]:
    before = dict(FORGES)
    FORGES.clear()
    FORGES.update({"toy": ToyKind(), **before})
    yield
    FORGES.clear()
    FORGES.update(before)


def on_toys(forge: SampleForge, **config: str) -> Settings:
    given = {"forge": "toy", "forge.folder": str(forge.folder), **config}
    return parse_settings({f"kalypso:{key}": text for key, text in given.items()}, "dev")


def inputs(forge: SampleForge, files: dict[str, str]) -> Properties:
    given = forge.branch_inputs(files)
    return {**{k: v for k, v in given.items() if k != "folder"}, "toy": str(forge.folder)}


def test_a_stack_on_it_is_evaluated_and_compared_with_its_branch(made_forge: SampleForge) -> None:
    found = make_schedule(on_toys(made_forge))
    assert isinstance(found.destination, ToyPlace)
    assert found.standing is not None
    assert found.standing.step == "open"
    assert found.destination.identity == {
        "toy": str(made_forge.folder), "repository": "kalypso-gitops",
    }  # fmt: skip


def test_before_it_has_repositories_the_sample_is_shown(sample_forge: SampleForge) -> None:
    found = make_schedule(on_toys(sample_forge))
    assert not found.exists
    assert found.evaluation.assignments


def test_its_pages_and_its_limit_are_in_the_words_of_a_pull_request(
    made_forge: SampleForge,
) -> None:
    settings = on_toys(made_forge)
    wording = make_wording(make_schedule(settings), settings)
    assert wording is not None
    assert "https://toys.example/kalypso-control-plane/log/" in wording.body
    assert f"https://toys.example/kalypso-gitops/show/{PROPOSED_COMMIT}/large/" in wording.body
    assert len(wording.body) <= 4_000


def test_the_provider_delivers_to_it_and_says_where_to_look(made_forge: SampleForge) -> None:
    said: list[str] = []
    branch = GitOpsBranch(ProviderConfiguration())
    branch.create(inputs(made_forge, {"drone/README.md": "x\n"}), said.append)
    assert said == ["opened pull request 1 in kalypso-gitops; open the toy box at 1"]


def test_commands_about_pull_requests_find_it(made_forge: SampleForge) -> None:
    made_forge.deliver({"drone/README.md": "x\n"})
    where = f"toy:{made_forge.path('gitops')}"
    listed = CliRunner().invoke(command, ["list", "-r", where])
    assert listed.output.splitlines()[1].startswith("#1 ")
    closed = CliRunner().invoke(command, ["close", "1", "-r", where])
    assert closed.output == "closed #1; `kalypso pr reopen 1 -r kalypso-gitops` opens it again\n"


def test_its_issues_are_kept_and_settled(made_forge: SampleForge) -> None:
    outcome = settle_after_success(on_toys(made_forge))
    assert not outcome.warnings


def test_its_tokens_are_used_whatever_the_stack_is_on(sample_forge: SampleForge) -> None:
    settings = on_toys(sample_forge, **{"forge.api": "https://toys.example/api"})
    assert "toys.example" in settings.access.credentials.tokens


def test_its_own_settings_are_checked_and_refusals_name_it(made_forge: SampleForge) -> None:
    with pytest.raises(Problems, match="a toy box is a folder"):
        parse_settings({"kalypso:forge": "toy"}, "dev")
    with pytest.raises(Problems, match=r"'repository-files' is GitHub's: the toy box has"):
        on_toys(made_forge, delivery="repository-files")
    with pytest.raises(Problems, match="should be 'toy', 'local' or 'github'"):
        parse_settings({"kalypso:forge": "gitlab"}, "dev")


def test_a_gitops_repository_elsewhere_is_refused_by_its_name(made_forge: SampleForge) -> None:
    made_forge.commit("control-plane", "dev", {"gitops-repo.yaml": ELSEWHERE})
    with pytest.raises(SettingsError, match="is not on the toy box"):
        make_schedule(on_toys(made_forge))


def test_a_platform_begins_on_it(tmp_path: Path) -> None:
    choices = Choices(environments=("dev",), forge="toy", owner="acme", prefix="fleet")
    begun = begin(tmp_path / "fleet", choices, ROOT, 1_800_000_000)
    assert begun.urls == {name: f"{URL}/acme/fleet-{name}" for name in ("control-plane", "gitops")}
    assert begun.repositories["fleet-gitops"] == tmp_path / "fleet" / "box" / "fleet-gitops.git"
    assert "kalypso:forge: toy" in (tmp_path / "fleet" / "Pulumi.dev.yaml").read_text()


def test_a_platform_that_begins_on_it_names_the_owner_of_its_repositories(tmp_path: Path) -> None:
    choices = Choices(environments=("dev",), forge="toy")
    with pytest.raises(SettingsError, match="on the toy box the repositories need an owner"):
        begin(tmp_path / "fleet", choices, ROOT, 1_800_000_000)


def test_what_its_repositories_need_is_looked_for(
    made_forge: SampleForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Toy, "extra", "toys")
    (found,) = [
        finding
        for finding in check_tools(on_toys(made_forge), Played(lacking={"pulumi_toys"}))
        if finding.check == "package"
    ]
    assert found.message == "pulumi_toys is not installed"


ASKS = re.compile(r"\bforge(\.kind)? (==|!=) |isinstance\(.*\b(GitHub|LocalFolder|LocalPlace)\b")


def test_nobody_outside_its_room_asks_which_forge_it_is() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for package in ("kalypso", "components")
        for path in (ROOT / package).rglob("*.py")
        if not path.is_relative_to(ROOT / "kalypso" / "forge")
        for line in path.read_text().splitlines()
        if ASKS.search(line)
    ]
    assert found == []
