"""Which paths a delivery writes, removes or leaves alone: the rules of a plan, by path alone."""

from hypothesis import given
from hypothesis import strategies as st

from kalypso.gitops.paths import Differing, PathPlan, plan_paths
from kalypso.gitops.plans import plan

GONE = Differing(present=True, wanted=False)
NEW = Differing(present=False, wanted=True)
OTHER = Differing(present=True, wanted=True)


def test_what_is_wanted_is_written() -> None:
    found = plan_paths({"drone/a": NEW, "drone/b": OTHER, ".gitattributes": OTHER}, {"drone"})
    assert found == PathPlan((".gitattributes", "drone/a", "drone/b"), (), ())


def test_a_cluster_types_folder_is_owned_whole() -> None:
    assert plan_paths({"drone/notes.txt": GONE}, {"drone"}).removed == ("drone/notes.txt",)


def test_a_folder_of_written_shape_goes_with_its_cluster_type() -> None:
    paths = {"large/README.md": GONE, "large/app/config.yaml": GONE}
    assert plan_paths(paths, {"drone"}).removed == tuple(sorted(paths))


def test_a_folder_with_anything_else_is_left_alone_and_told() -> None:
    paths = {"docs/README.md": GONE, "docs/plan.txt": GONE}
    assert plan_paths(paths, {"drone"}) == PathPlan((), (), ("docs",))


def test_root_files_and_dot_folders_are_left_alone() -> None:
    paths = {"README.md": GONE, ".github/workflows/ci.yaml": GONE, ".github/CODEOWNERS": GONE}
    assert plan_paths(paths, {"drone"}) == PathPlan((), (), ())


PATHS = st.sampled_from(
    [
        "README.md",
        "drone",
        "drone/README.md",
        "drone/app/config.yaml",
        "drone/app/notes",
        "large/README.md",
        "large/app/reconciler.yaml",
        "docs/README.md",
        "docs/plan",
        ".github/tracking/Promoted_Commit_Id",
        ".github/x/y",
    ]
)
WANTED = st.sampled_from(
    ["drone/README.md", "drone/app/config.yaml", "drone/b/namespace.yaml", "large/README.md"]
)


@given(st.dictionaries(PATHS, st.sampled_from([b"1", b"2"])), st.sets(WANTED))
def test_it_is_what_a_plan_with_all_files_does(present: dict[str, bytes], names: set[str]) -> None:
    kinds = {name.partition("/")[0] for name in names}
    wanted = dict.fromkeys([*names, *(f"{kind}/README.md" for kind in kinds)], "1")
    whole = plan(present, wanted)
    differing = {
        path: Differing(path in present, path in wanted)
        for path in present.keys() | wanted.keys()
        if present.get(path) != (wanted[path].encode() if path in wanted else None)
    }
    found = plan_paths(differing, kinds)
    changes = {change.path: change.kind for change in whole.changes}
    assert set(found.removed) == {path for path, kind in changes.items() if kind == "removed"}
    assert set(found.written) == {path for path, kind in changes.items() if kind != "removed"}
    assert [f"the folder {folder!r}" for folder in found.foreign] == [
        warning.message.partition(" is no")[0] for warning in whole.warnings
    ]
