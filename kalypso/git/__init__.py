"""Git: trees, commits and refs of repositories, on this machine and elsewhere.

Meets the network and the disk, so that no other room has to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "LARGEST_FILE",
    "LARGEST_TREE",
    "NO_COMMIT",
    "UNTRUSTED_HINT",
    "WAIT_SECONDS",
    "Access",
    "Checkout",
    "Clone",
    "Commit",
    "Content",
    "Credentials",
    "Differing",
    "Entry",
    "GitFailed",
    "History",
    "Kind",
    "NoAccess",
    "Patience",
    "RefMoved",
    "RefUpdate",
    "Remote",
    "Sides",
    "Signature",
    "Snapshot",
    "TokenSource",
    "Writer",
    "all_refs",
    "as_whole",
    "blob_sizes",
    "changes_between",
    "check_complete",
    "check_repository",
    "checkout_of",
    "commit_id",
    "commits_since",
    "copy_tree",
    "count_differing",
    "create_repository",
    "credentials_in",
    "differing",
    "differs_at",
    "end",
    "environment",
    "expanded",
    "file_in",
    "files_in",
    "folders_in",
    "from_environment",
    "git",
    "has_object",
    "hide",
    "hold_tree",
    "id_of",
    "is_ancestor",
    "is_commit",
    "is_public_key",
    "is_remote",
    "is_signed_by",
    "keep_blob",
    "kept_blob",
    "locked",
    "mask",
    "merge_base",
    "missing_objects",
    "paths_in",
    "patiently",
    "place",
    "read_blobs",
    "read_clone",
    "read_commit",
    "read_tree",
    "resolve",
    "shown_address",
    "shown_to_git",
    "sign_commit",
    "started",
    "stop_all",
    "tree_id",
    "tree_of",
    "tree_with",
    "unified_diff",
    "update_refs",
    "write_commit",
    "write_tree",
]

if TYPE_CHECKING:
    from kalypso.git.address import (
        check_repository,
        credentials_in,
        expanded,
        is_commit,
        is_remote,
        mask,
        shown_address,
    )
    from kalypso.git.blobs import blob_sizes, keep_blob, kept_blob, read_blobs
    from kalypso.git.cache import Clone, Kind
    from kalypso.git.checkout import Checkout, checkout_of
    from kalypso.git.credentials import Credentials, NoAccess, TokenSource, from_environment, hide
    from kalypso.git.file_lock import WAIT_SECONDS, locked
    from kalypso.git.graph import History
    from kalypso.git.history import (
        Commit,
        changes_between,
        is_ancestor,
        merge_base,
        read_commit,
        unified_diff,
    )
    from kalypso.git.log import commits_since
    from kalypso.git.objects import commit_id, tree_id
    from kalypso.git.problems import place
    from kalypso.git.read import LARGEST_FILE, LARGEST_TREE, Snapshot, read_clone, read_tree
    from kalypso.git.refs import all_refs, resolve
    from kalypso.git.remote import Access, Remote
    from kalypso.git.remote_errors import UNTRUSTED_HINT
    from kalypso.git.retry import Patience, patiently
    from kalypso.git.run import GitFailed, end, environment, git, shown_to_git, started, stop_all
    from kalypso.git.sign import sign_commit
    from kalypso.git.trees import (
        Sides,
        copy_tree,
        differing,
        differs_at,
        file_in,
        files_in,
        folders_in,
        has_object,
        hold_tree,
        id_of,
        missing_objects,
        paths_in,
        tree_of,
        tree_with,
        write_tree,
    )
    from kalypso.git.verify import is_public_key, is_signed_by
    from kalypso.git.whole_trees import Differing, as_whole, check_complete, count_differing
    from kalypso.git.write import (
        NO_COMMIT,
        Content,
        Entry,
        RefMoved,
        RefUpdate,
        Signature,
        Writer,
        create_repository,
        update_refs,
        write_commit,
    )
else:
    __getattr__ = door(
        __name__,
        {
            "address": (
                "check_repository",
                "credentials_in",
                "expanded",
                "is_commit",
                "is_remote",
                "mask",
                "shown_address",
            ),
            "blobs": ("blob_sizes", "keep_blob", "kept_blob", "read_blobs"),
            "cache": ("Clone", "Kind"),
            "checkout": ("Checkout", "checkout_of"),
            "credentials": ("Credentials", "NoAccess", "TokenSource", "from_environment", "hide"),
            "remote_errors": ("UNTRUSTED_HINT",),
            "file_lock": ("WAIT_SECONDS", "locked"),
            "graph": ("History",),
            "history": (
                "Commit",
                "changes_between",
                "is_ancestor",
                "merge_base",
                "read_commit",
                "unified_diff",
            ),
            "log": ("commits_since",),
            "objects": ("commit_id", "tree_id"),
            "problems": ("place",),
            "read": ("LARGEST_FILE", "LARGEST_TREE", "Snapshot", "read_clone", "read_tree"),
            "refs": ("all_refs", "resolve"),
            "remote": ("Access", "Remote"),
            "retry": ("Patience", "patiently"),
            "run": (
                "GitFailed",
                "end",
                "environment",
                "git",
                "shown_to_git",
                "started",
                "stop_all",
            ),
            "sign": ("sign_commit",),
            "trees": (
                "Sides",
                "copy_tree",
                "differing",
                "differs_at",
                "file_in",
                "files_in",
                "folders_in",
                "has_object",
                "hold_tree",
                "id_of",
                "missing_objects",
                "paths_in",
                "tree_of",
                "tree_with",
                "write_tree",
            ),
            "verify": ("is_public_key", "is_signed_by"),
            "whole_trees": ("Differing", "as_whole", "check_complete", "count_differing"),
            "write": (
                "Content",
                "Entry",
                "NO_COMMIT",
                "RefMoved",
                "RefUpdate",
                "Signature",
                "Writer",
                "create_repository",
                "update_refs",
                "write_commit",
            ),
        },
    )
