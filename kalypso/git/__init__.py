"""Git: trees, commits and refs of repositories, on this machine and elsewhere.

Meets the network and the disk, so that no other room has to.
"""

from __future__ import annotations

from kalypso.git.address import (
    check_repository,
    credentials_in,
    expanded,
    is_commit,
    is_remote,
    mask,
    shown_address,
)
from kalypso.git.cache import Clone, Kind
from kalypso.git.credentials import (
    Credentials,
    NoAccess,
    TokenSource,
    from_environment,
    hide,
)
from kalypso.git.failures import UNTRUSTED_HINT
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
from kalypso.git.objects import commit_id, tree_id
from kalypso.git.problems import place
from kalypso.git.read import (
    LARGEST_FILE,
    LARGEST_TREE,
    Snapshot,
    all_refs,
    read_clone,
    read_tree,
    resolve,
)
from kalypso.git.remote import Access, Remote
from kalypso.git.retry import Patience, patiently
from kalypso.git.run import (
    GitFailed,
    end,
    environment,
    git,
    shown_to_git,
    started,
    stop_all,
)
from kalypso.git.sign import sign_commit
from kalypso.git.write import (
    NO_COMMIT,
    Content,
    RefMoved,
    RefUpdate,
    Signature,
    Writer,
    create_repository,
    update_refs,
    write_commit,
)

__all__ = [
    "LARGEST_FILE",
    "LARGEST_TREE",
    "NO_COMMIT",
    "UNTRUSTED_HINT",
    "WAIT_SECONDS",
    "Access",
    "Clone",
    "Commit",
    "Content",
    "Credentials",
    "GitFailed",
    "History",
    "Kind",
    "NoAccess",
    "Patience",
    "RefMoved",
    "RefUpdate",
    "Remote",
    "Signature",
    "Snapshot",
    "TokenSource",
    "Writer",
    "all_refs",
    "changes_between",
    "check_repository",
    "commit_id",
    "create_repository",
    "credentials_in",
    "end",
    "environment",
    "expanded",
    "from_environment",
    "git",
    "hide",
    "is_ancestor",
    "is_commit",
    "is_remote",
    "locked",
    "mask",
    "merge_base",
    "patiently",
    "place",
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
    "unified_diff",
    "update_refs",
    "write_commit",
]
