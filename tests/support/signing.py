"""Keys of a person, and git's configuration that signs with them."""

import subprocess
from pathlib import Path

import pytest


class Signer:
    """A key for SSH made for one test; git of the whole process signs with it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        folder.mkdir(exist_ok=True)
        self.key, self._config = folder / "key", folder / "gitconfig"
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(self.key)],
            check=True,
        )
        self._allowed = folder / "allowed"
        self._allowed.write_text(f"kalypso@localhost {self.key.with_suffix('.pub').read_text()}")
        patch.setenv("GIT_CONFIG_GLOBAL", str(self._config))
        self.configure(f"[gpg]\n\tformat = ssh\n[user]\n\tsigningKey = {self.key}.pub\n")

    def configure(self, text: str) -> None:
        """Write git's configuration of the person again."""
        self._config.write_text(text)

    def good(self, repository: Path, commit: str) -> bool:
        """Return whether a commit has a good signature of the key."""
        done = subprocess.run(
            ["git", "--git-dir", str(repository), "-c", "gpg.format=ssh",
             "-c", f"gpg.ssh.allowedSignersFile={self._allowed}", "verify-commit", commit],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode == 0 and "Good" in done.stderr


def changing_program(folder: Path, *, works: bool = True) -> Path:
    """Write a program that signs like gpg does, each time in another way, or that fails."""
    program = folder / "gpg"
    signs = (
        'printf "\\n[GNUPG:] SIG_CREATED x\\n" >&2\n'
        "echo -----BEGIN PGP SIGNATURE-----\ndate +%s%N\necho -----END PGP SIGNATURE-----\n"
    )
    fails = "echo 'gpg: signing failed: No secret key' >&2\nexit 2\n"
    program.write_text(f"#!/bin/sh\ncat >/dev/null\n{signs if works else fails}")
    program.chmod(0o755)
    return program
