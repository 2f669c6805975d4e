"""`kalypso diff`: what a change does to every assignment, and which objects caused it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import FLEET, MODEL, Result, run


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """Return the fleet in a work tree whose HEAD is what it holds."""
    folder = Path(shutil.copytree(FLEET, tmp_path / "fleet"))
    git(folder, "init", "--quiet", "--initial-branch=dev")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=fleet")
    return folder


def diff(fleet: Path, *arguments: str) -> Result:
    return run(["diff", *MODEL, *arguments], fleet)


def edit(fleet: Path, file: str, old: str, new: str) -> None:
    path = fleet / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def body(result: Result) -> list[str]:
    """Return the lines below the totals."""
    assert result.code == 0, result.err
    return result.out.splitlines()[2:]


EAST_DATABASE = (
    r'"host: db.east.example\npools:\n  - name: read\n    size: 10\n  - name: write\n '
    "… (13 more characters)"
)
EDITS: list[tuple[str, str, str, str, list[str]]] = [
    (
        "a value changes what it reaches, and not where it is overridden",
        "dev/configs/all.yaml",
        "OWNER: platform",
        "OWNER: fleet",
        [
            "changed (2): config.sh",
            "  ConfigMap a-common changed   dev/configs/all.yaml:16",
            "    OWNER: platform -> fleet",
            "  ~ store/metrics-agent",
            "  ~ store/shop-web",
        ],
    ),
    (
        "assignments that change alike stand together, the largest group first",
        "dev/configs/all.yaml",
        'REPLICAS: "1"',
        'REPLICAS: "2"',
        [
            "changed (3): config.yaml",
            "  ConfigMap a-common changed   dev/configs/all.yaml:9",
            "    REPLICAS: 1 -> 2",
            "  ~ hangar/metrics-agent",
            "  ~ hangar/shop-orders",
            "  ~ hangar/shop-web",
            "",
            "changed (2): config.sh",
            "  ConfigMap a-common changed   dev/configs/all.yaml:9",
            "    REPLICAS: 1 -> 2",
            "  ~ store/metrics-agent",
            "  ~ store/shop-web",
        ],
    ),
    (
        "of a structured value the lines that differ are shown",
        "dev/configs/east.yaml",
        "        size: 2",
        "        size: 4",
        [
            "changed (4): config.yaml",
            "  ConfigMap b-east changed   dev/configs/east.yaml:10",
            "    database: - size: 2, + size: 4",
            "  ~ drone/metrics-agent",
            "  ~ hangar/metrics-agent",
            "  ~ hangar/shop-orders",
            "  ~ hangar/shop-web",
        ],
    ),
    (
        "a config map that is for other places now is named with its label",
        "dev/configs/east.yaml",
        "    region: north\ndata:\n  REGION",
        "    region: west\ndata:\n  REGION",
        [
            "changed (2): config.sh",
            "  ConfigMap d-north changed   dev/configs/east.yaml:28",
            "    label region: north -> west",
            "    REGION: + north",
            "  ~ store/metrics-agent",
            "  ~ store/shop-web",
        ],
    ),
    (
        "a key of an azure-app-config map is named as it is written",
        "dev/configs/east.yaml",
        "  region.east.cluster-type.drone.OWNER: drone-team\n",
        "",
        [
            "changed (1): config.yaml",
            "  ConfigMap azure-app-config changed   dev/configs/east.yaml:42",
            "    region.east.cluster-type.drone.OWNER: - drone-team",
            "  ~ drone/metrics-agent",
        ],
    ),
    (
        "a cluster type that names another template is the cause",
        "dev/cluster-types/west.yaml",
        "  configType: envFile\n",
        "",
        [
            "changed (2): config.sh, config.yaml",
            "  ClusterType store changed   dev/cluster-types/west.yaml:8",
            "    configType: envFile -> configMap",
            "  ~ store/metrics-agent",
            "  ~ store/shop-web",
        ],
    ),
    (
        "config maps apply elsewhere because a label of a cluster type changed",
        "dev/cluster-types/east.yaml",
        "region: east\n    size: large",
        "region: north\n    size: large",
        [
            "changed (3): config.yaml",
            "  ConfigMap azure-app-config applies no more   dev/configs/east.yaml:43",
            "    region.east.OWNER: - east-team",
            "  ConfigMap b-east applies no more   dev/configs/east.yaml:9",
            "    REGION: - east",
            f"    database: - {EAST_DATABASE}",
            "  ConfigMap d-north applies now   dev/configs/east.yaml:36",
            "    REGION: + north",
            "  ConfigMap d-north-only-keys applies now   dev/configs/east.yaml:54",
            "    SNOW: + true",
            "  ClusterType hangar changed   dev/cluster-types/east.yaml:18",
            "    label region: east -> north",
            "  ~ hangar/metrics-agent",
            "  ~ hangar/shop-orders",
            "  ~ hangar/shop-web",
        ],
    ),
    (
        "a label that no policy finds any more removes only what needed it",
        "dev/cluster-types/west.yaml",
        "size: large",
        "size: huge",
        [
            "removed (1)",
            "  ClusterType store changed   dev/cluster-types/west.yaml:7",
            "    label size: large -> huge",
            "  - store/shop-web",
        ],
    ),
    (
        "a renamed cluster type goes and comes, removals first",
        "dev/cluster-types/west.yaml",
        "name: store",
        "name: depot",
        [
            (
                "renamed: cluster type store is now depot: to clusters that is a removal and an"
                " addition. 2 assignments and what is in their namespaces go; nothing is moved"
            ),
            "",
            "removed (2)",
            "  ClusterType store removed   fleet@HEAD:dev/cluster-types/west.yaml:1",
            "  - store/metrics-agent",
            "  - store/shop-web",
            "",
            "added (2)",
            "  ClusterType depot added   dev/cluster-types/west.yaml:1",
            "  + depot/metrics-agent",
            "  + depot/shop-web",
            "",
            "other files",
            "  + depot/README.md",
            "  - store/README.md",
        ],
    ),
    (
        "a policy that selects other cluster types removes and adds",
        "dev/policies/shop.yaml",
        "size: large",
        "size: small",
        [
            "removed (2)",
            "  SchedulingPolicy shop-on-large changed   dev/policies/shop.yaml:12",
            "    cluster types: size = large -> size = small",
            "  - hangar/shop-web",
            "  - store/shop-web",
            "",
            "added (1)",
            "  SchedulingPolicy shop-on-large changed   dev/policies/shop.yaml:12",
            "    cluster types: size = large -> size = small",
            "  + drone/shop-web",
        ],
    ),
    (
        "a promoted commit changes its tracking file and no assignment",
        "dev/repositories.yaml",
        "commit: 0123",
        "commit: 9123",
        ["other files", "  ~ .github/tracking/Promoted_Commit_Id"],
    ),
    (
        "a comment changes nothing",
        "dev/policies/shop.yaml",
        "kind: SchedulingPolicy",
        "kind: SchedulingPolicy # as agreed",
        [],
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [pytest.param(*edits, id=promise) for promise, *edits in EDITS],
)
def test_a_change_is_told_with_its_cause(
    fleet: Path, file: str, old: str, new: str, expected: list[str]
) -> None:
    edit(fleet, file, old, new)
    assert body(diff(fleet, "--from", "HEAD")) == expected


def test_totals_stand_in_the_first_line(fleet: Path) -> None:
    edit(fleet, "dev/cluster-types/west.yaml", "name: store", "name: depot")
    edit(fleet, "dev/configs/all.yaml", 'REPLICAS: "1"', 'REPLICAS: "2"')
    first = diff(fleet, "--from", "HEAD").out.splitlines()[0]
    assert first == "dev: 2 removed, 3 changed, 2 added (6 assignments before, 6 after), 17 files"


def test_a_template_of_the_base_is_the_cause_and_names_do_not_part_a_group(fleet: Path) -> None:
    edit(fleet, "base/templates/namespace.yaml", "workload:", "{{ .ClusterType }}:")
    lines = body(diff(fleet, "--base-from", "HEAD"))
    assert lines[:3] == [
        "changed (6): namespace.yaml",
        "  Template default changed   base/templates/namespace.yaml:8",
        "    manifest 1",
    ]


def test_a_workspace_that_changes_takes_its_targets_from_the_policies(fleet: Path) -> None:
    edit(fleet, "base/workloads/registrations.yaml", "workspace: shop-team", "workspace: market")
    assert body(diff(fleet, "--base-from", "HEAD")) == [
        "removed (3)",
        "  WorkloadRegistration shop changed   base/workloads/registrations.yaml:10",
        "    workspace: shop-team -> market",
        "  - hangar/shop-orders",
        "  - hangar/shop-web",
        "  - store/shop-web",
    ]


def test_two_commits_are_compared_and_the_folder_does_not_count(fleet: Path) -> None:
    first = git(fleet, "rev-parse", "HEAD").strip()
    edit(fleet, "dev/configs/all.yaml", "OWNER: platform", "OWNER: fleet")
    git(fleet, "commit", "--quiet", "--all", "--message=owner")
    edit(fleet, "dev/configs/all.yaml", "OWNER: fleet", "OWNER: nobody")
    lines = body(diff(fleet, "--from", first, "--to", "HEAD"))
    assert lines[1:3] == [
        "  ConfigMap a-common changed   fleet@HEAD:dev/configs/all.yaml:16",
        "    OWNER: platform -> fleet",
    ]
    assert body(diff(fleet, "--from", "HEAD~1"))[2] == "    OWNER: platform -> nobody"


def test_a_branch_of_a_repository_is_compared_with_another(fleet: Path) -> None:
    git(fleet, "branch", "before")
    edit(fleet, "dev/configs/all.yaml", "OWNER: platform", "OWNER: fleet")
    git(fleet, "commit", "--quiet", "--all", "--message=owner")
    place = f"{fleet}@dev:dev"
    result = diff(fleet, "--control-plane", place, "--from", "before", "-o", "name-only")
    assert result.out.splitlines() == [
        "store/metrics-agent/config.sh",
        "store/shop-web/config.sh",
    ]


def test_the_gitops_branch_as_it_is_says_which_files_change(fleet: Path, tmp_path: Path) -> None:
    gitops = tmp_path / "gitops"
    assert run(["render", *MODEL, "--out", str(gitops)], fleet).code == 0
    assert diff(fleet, "--gitops", str(gitops)).out == "dev: no difference\n"
    (gitops / "hangar/shop-web/stray.yaml").write_text("by: hand\n")
    (gitops / "README.md").write_text("mine\n")
    edit(fleet, "dev/cluster-types/west.yaml", "size: large", "size: huge")
    assert diff(fleet, "--gitops", str(gitops)).out.splitlines() == [
        "dev: 1 removed, 1 changed, 0 added (6 assignments before, 5 after), 4 files",
        "",
        "removed (1)",
        "  - store/shop-web",
        "",
        "changed (1): stray.yaml",
        "  ~ hangar/shop-web",
    ]


def test_files_that_mean_the_same_are_equal_if_asked(fleet: Path, tmp_path: Path) -> None:
    branch = tmp_path / "branch"
    run(["render", *MODEL, "--out", str(branch)], fleet)
    for path in branch.rglob("*.yaml"):
        path.write_text(f"# by another program\n{path.read_text()}")
    assert "0 removed" in diff(fleet, "--gitops", str(branch)).out
    equal = diff(fleet, "--gitops", str(branch), "--ignore-format", "--check")
    assert (equal.code, equal.out) == (0, "dev: no difference\n")


def test_ignoring_the_format_goes_with_a_branch_only(fleet: Path) -> None:
    refused = diff(fleet, "--from", "HEAD", "--ignore-format")
    assert refused.code == 2
    assert "--ignore-format does not go with --from" in refused.err


def test_a_value_that_changes_only_its_type_has_its_cause(fleet: Path) -> None:
    edit(fleet, "dev/configs/all.yaml", "OWNER: platform", 'OWNER: "{port: 1}"')
    git(fleet, "commit", "--quiet", "--all", "--message=port")
    edit(fleet, "dev/configs/all.yaml", "{port: 1}", "{port: true}")
    lines = body(diff(fleet, "--from", "HEAD"))
    assert '    OWNER: "{port: 1}" -> "{port: true}"' in lines or any(
        "OWNER: {port: 1} -> {port: true}" in line for line in lines
    )


def test_an_empty_branch_gets_everything(fleet: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    first = diff(fleet, "--gitops", str(tmp_path / "empty")).out.splitlines()[0]
    assert first == "dev: 0 removed, 0 changed, 6 added (0 assignments before, 6 after), 22 files"


def test_patch_shows_the_lines_once_for_a_group(fleet: Path) -> None:
    edit(fleet, "dev/configs/all.yaml", "OWNER: platform", "OWNER: fleet")
    lines = body(diff(fleet, "--from", "HEAD", "--patch"))
    assert lines[5:11] == [
        "    --- a/store/metrics-agent/config.sh",
        "    +++ b/store/metrics-agent/config.sh",
        "    @@ -1,4 +1,4 @@",
        '    -export OWNER="platform"',
        '    +export OWNER="fleet"',
        '     export REGION="somewhere"',
    ]
    assert sum(line.startswith("    ---") for line in lines) == 1


def test_json_holds_every_assignment_with_its_causes(fleet: Path) -> None:
    edit(fleet, "dev/configs/all.yaml", "OWNER: platform", "OWNER: fleet")
    found = json.loads(diff(fleet, "--from", "HEAD", "-o", "json").out)
    assert found["totals"] == {
        "assignmentsBefore": 6,
        "assignmentsAfter": 6,
        "removed": 0,
        "changed": 2,
        "added": 0,
        "files": 2,
    }
    first, second = found["assignments"]
    assert (first["deploymentTarget"], second["deploymentTarget"]) == ("metrics-agent", "shop-web")
    assert first["causes"] == [
        {
            "kind": "ConfigMap",
            "name": "a-common",
            "change": "changed",
            "at": {"file": "dev/configs/all.yaml", "line": 16, "column": 3},
            "details": [{"what": "OWNER", "old": "platform", "new": "fleet"}],
        }
    ]


def test_check_ends_with_1_if_anything_differs_and_else_with_0(fleet: Path) -> None:
    assert diff(fleet, "--from", "HEAD", "--check").code == 0
    edit(fleet, "dev/configs/all.yaml", "OWNER: platform", "OWNER: fleet")
    assert diff(fleet, "--from", "HEAD").code == 0
    assert diff(fleet, "--from", "HEAD", "--check").code == 1


def test_check_refuses_to_remove_too_much_and_shows_it_all_the_same(fleet: Path) -> None:
    edit(fleet, "dev/cluster-types/west.yaml", "name: store", "name: depot")
    result = diff(fleet, "--from", "HEAD", "--check", "--removals", "1")
    assert result.code == 2
    assert "  - store/shop-web" in result.out.splitlines()
    assert "error: this would remove 2 of 6 assignments of 'dev' [too-many-removals]" in result.err
    digest = result.err.split("limits.acknowledge to ")[1].strip()
    allowed = ("--removals", "1", "--acknowledge", digest)
    assert diff(fleet, "--from", "HEAD", "--check", *allowed).code == 1


def test_a_report_holds_the_whole_difference_in_each_form(fleet: Path, tmp_path: Path) -> None:
    edit(fleet, "dev/configs/all.yaml", "OWNER: platform", "OWNER: fleet")
    folder = tmp_path / "new" / "report"
    result = diff(fleet, "--from", "HEAD", "--check", "-o", "name-only", "--report", str(folder))
    assert result.code == 1
    assert result.out.splitlines() == [
        "store/metrics-agent/config.sh",
        "store/shop-web/config.sh",
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["diff.json", "diff.md", "diff.txt"]
    assert '    +export OWNER="fleet"' in (folder / "diff.txt").read_text().splitlines()
    assert json.loads((folder / "diff.json").read_text())["totals"]["changed"] == 2
    assert (folder / "diff.md").read_text().startswith("<!-- kalypso-diff:dev -->\n")


def test_a_report_is_there_also_when_too_much_would_be_removed(fleet: Path, tmp_path: Path) -> None:
    edit(fleet, "dev/cluster-types/west.yaml", "name: store", "name: depot")
    limits = ("--check", "--removals", "1", "--report", str(tmp_path))
    assert diff(fleet, "--from", "HEAD", *limits).code == 2
    assert "store/shop-web" in (tmp_path / "diff.txt").read_text()


def test_a_report_that_cannot_be_written_is_told(fleet: Path) -> None:
    result = diff(fleet, "--from", "HEAD", "--report", "dev/configs/all.yaml/report")
    assert result.code == 2
    assert "error: the report cannot be written: Not a directory [option]" in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--gitops", ".", "--from", "HEAD"), "error: --gitops and --from do not go together"),
        (("--repo", "https://git.example/gitops=nowhere"), "nowhere:1:1: error: there is no such"),
        (("--gitops", ".", "--to", "HEAD"), "--to:1:1: error: --to goes with --from"),
        (("--gitops", "nowhere"), "nowhere:1:1: error: there is no such folder"),
        (("--from", "nowhere"), "error: there is no commit 'nowhere'"),
        (("--from", "--upload-pack=x"), "error: '--upload-pack=x' is not a branch name"),
        (("--base", "", "--base-from", "HEAD"), "--base-from:1:1: error: --base-from goes with"),
        (("--base", "", "--base-to", "HEAD"), "--base-to:1:1: error: --base-to goes with"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    fleet: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = diff(fleet, *arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_a_folder_in_no_repository_has_no_commits(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FLEET, tmp_path / "fleet"))
    result = diff(folder, "--from", "HEAD")
    assert (result.code, result.out) == (2, "")
    assert "error: the folder is in no git repository" in result.err


def test_a_model_with_a_mistake_is_not_compared(fleet: Path) -> None:
    edit(fleet, "dev/policies/shop.yaml", "matchLabels", "matchLables")
    result = diff(fleet, "--from", "HEAD", "--check")
    assert (result.code, result.out) == (2, "")
    assert "dev/policies/shop.yaml:9:7: error:" in result.err


def test_a_mistake_in_the_commit_compared_with_is_told_with_its_place(fleet: Path) -> None:
    edit(fleet, "dev/policies/shop.yaml", "matchLabels", "matchLables")
    git(fleet, "commit", "--quiet", "--all", "--message=slip")
    edit(fleet, "dev/policies/shop.yaml", "matchLables", "matchLabels")
    result = diff(fleet, "--from", "HEAD")
    assert (result.code, result.out) == (2, "")
    assert "fleet@HEAD:dev/policies/shop.yaml:9:7: error:" in result.err


def test_a_base_as_it_would_be_is_compared_with_the_base_as_it_is(fleet: Path) -> None:
    first = git(fleet, "rev-parse", "HEAD").strip()
    edit(fleet, "base/templates/namespace.yaml", "workload:", "{{ .ClusterType }}:")
    git(fleet, "commit", "--quiet", "--all", "--message=label")
    newer = git(fleet, "rev-parse", "HEAD").strip()
    git(fleet, "checkout", "--quiet", first)
    result = diff(fleet, "--base-to", newer)
    assert body(result)[:3] == [
        "changed (6): namespace.yaml",
        f"  Template default changed   fleet@{newer}:base/templates/namespace.yaml:8",
        "    manifest 1",
    ]
