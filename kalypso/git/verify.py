"""Signatures of commits, by keys for SSH that somebody named; no other signature counts.

Git's own configuration, and what a user of this machine trusts, have no say in it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from kalypso.git.run import GitFailed, git

_KEY = re.compile(
    r"(?P<key>(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)"
    r"|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) [A-Za-z0-9+/]+={0,2})"
    r"(?: [^\n\r]*)?"
)
_BY_SSH = b"\ngpgsig -----BEGIN SSH SIGNATURE-----\n"


def is_public_key(text: str) -> bool:
    """Return whether a text is a public key for SSH, as `ssh-keygen` writes it into a file."""
    return _KEY.fullmatch(text.strip()) is not None


def is_signed_by(repository: Path, commit: str, keys: Iterable[str]) -> bool:
    """Return whether one of some keys has signed a commit.

    Args:
        repository: Folder of a repository that has the commit.
        commit: Its id.
        keys: Public keys for SSH.
    """
    found = [each["key"] for key in keys if (each := _KEY.fullmatch(key.strip()))]
    head, _, _ = git("cat-file", "commit", commit, repository=repository).partition(b"\n\n")
    if not found or _BY_SSH not in head:  # git would ask another program about other signatures
        return False
    with tempfile.TemporaryDirectory(prefix="kalypso-signers-") as folder:
        signers = Path(folder) / "allowed"
        signers.write_text("".join(f'* namespaces="git" {key}\n' for key in found))
        try:
            git(
                "-c", "gpg.format=ssh",
                "-c", "gpg.ssh.program=ssh-keygen",
                "-c", "gpg.ssh.revocationFile=",
                "-c", "gpg.minTrustLevel=fully",
                "-c", f"gpg.ssh.allowedSignersFile={signers}",
                "verify-commit", commit, repository=repository,
            )  # fmt: skip
        except GitFailed:
            return False
    return True
