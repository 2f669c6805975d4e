"""What the environment branch lacks of the manifests, whatever it holds by then.

Both are trees in one object store: the program writes the manifests there, and the provider finds
them. So no text passes through the engine.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import msgspec

from kalypso.delivery import Changes, PathChange
from kalypso.errors import DeliveryError, Position
from kalypso.forge import Place
from kalypso.git import (
    Access,
    Content,
    Sides,
    copy_tree,
    differing,
    files_in,
    folders_in,
    has_object,
    id_of,
    read_blobs,
)
from kalypso.gitops import SHARED, Differing, PathPlan, plan_paths, with_section

_DIFFERING = {
    (present, wanted): Differing(present, wanted)
    for present in (True, False)
    for wanted in (True, False)
}
"""Each of the few values once: there may be one for each of 270,000 paths."""


class BranchPlan(msgspec.Struct, frozen=True):
    """What a delivery does to a branch."""

    changes: Changes
    paths: PathPlan


def plan_branch(folder: Path, present: str, tree: str) -> BranchPlan:
    """Work out what delivering the manifests does to a branch.

    Args:
        folder: The object store that has both.
        present: Commit or tree of the branch.
        tree: Tree of the manifests; of a shared file, our lines.

    Raises:
        SourceError: One of the trees is missing or damaged.
    """
    sides = differing(folder, present, tree)
    cluster_types = [name for name in folders_in(folder, tree) if not name.startswith(".")]
    known = {path: _DIFFERING[bool(s.before), bool(s.after)] for path, s in sides.items()}
    paths = plan_paths(known, cluster_types)
    changes = {path: PathChange(sides[path].before, None) for path in paths.removed}
    for path in paths.written:
        before, after = sides[path].before, _wanted(folder, path, sides[path])
        if before is None or before.object_id != id_of(after):
            changes[path] = PathChange(before, after)
    return BranchPlan(dict(sorted(changes.items())), paths)


class Manifests(msgspec.Struct, frozen=True):
    """Finds the manifests that a program wrote, and plans their delivery."""

    staging: Path
    """Where they are if the repository was made after they were written."""

    def lacking(self, folder: Path, commit: str, tree: str) -> Changes:
        """Return what a commit of the branch lacks.

        Raises:
            SourceError: The repository is damaged.
            DeliveryError: The manifests are not there any more.
        """
        if not self.have(folder, tree):
            raise DeliveryError(
                "the manifests that this run wrote are gone from the object store",
                Position(str(folder)),
                "run it again: the program writes them again",
                code="manifests-gone",
            )
        return plan_branch(folder, commit, tree).changes

    def have(self, folder: Path, tree: str) -> bool:
        """Return whether an object store has the manifests; what is staged is taken from there."""
        if has_object(folder, tree):
            return True
        if not (self.staging / "HEAD").is_file() or not has_object(self.staging, tree):
            return False
        copy_tree(self.staging, folder, tree)
        return True


def staging_of(place: Place, access: Access) -> Path:
    """Return the object store of a repository that does not exist yet."""
    named = json.dumps(dict(place.identity), sort_keys=True)
    digest = hashlib.sha256(named.encode()).hexdigest()[:24]
    return access.cache / "staged" / f"{digest}.git"


def keep_ref(environment: str) -> str:
    """Return the ref that holds an environment's manifests in place."""
    return f"refs/kalypso/manifests/{environment}"


def read_texts(named: str) -> dict[str, str]:
    """Return the texts of a small tree by path.

    Args:
        named: The folder of its object store, a bar, and its id.

    Raises:
        SourceError: The tree does not exist any more.
    """
    folder, _, tree = named.rpartition("|")
    return decoded(files_in(Path(folder), tree))


def decoded(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return files as text, whatever is in them."""
    return {path: content.decode(errors="replace") for path, content in files.items()}


def _wanted(folder: Path, path: str, sides: Sides) -> Content:
    """Return what a file shall hold: of a shared one, people's lines stay."""
    if path not in SHARED or sides.after is None:
        return sides.after
    asked = [sides.after.object_id, *([sides.before.object_id] if sides.before else [])]
    lines, *old = read_blobs(folder, asked)
    return with_section(old[0] if old else b"", lines.decode(errors="surrogateescape"))
