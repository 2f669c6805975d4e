"""The environment branch as the provider applies the files to it, whatever it holds by then."""

from collections.abc import Mapping

from kalypso.gitops import SHARED, plan, section_of


def whole_branch(present: Mapping[str, bytes], files: Mapping[str, str]) -> Mapping[str, bytes]:
    """Return the whole branch after a delivery of these files."""
    return plan(present, files).files


def managed_files(present: Mapping[str, bytes], files: Mapping[str, str]) -> dict[str, str]:
    """Return the text of what is ours in a branch.

    Args:
        present: Content of the branch by path.
        files: The managed files that were last delivered: they tell which folders are ours.
    """
    ours = plan(present, files).managed & present.keys()
    found = {path: present[path].decode(errors="replace") for path in ours}
    found |= {path: section_of(present[path]) for path in SHARED & files.keys() & present.keys()}
    return dict(sorted(found.items()))
