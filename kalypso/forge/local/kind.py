"""How the local forge is named: by a folder, in settings and in the inputs of resources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from kalypso.errors import Problem
from kalypso.forge.forge import Values
from kalypso.forge.local.folder import DEFAULT_FOLDER, DEFAULT_URL, LocalFolder, LocalPlace
from kalypso.git import Credentials, expanded


class LocalKind:
    """The local forge."""

    def configured(self, values: Values) -> LocalFolder:
        """Return the folder that settings name, and the address under which it is served."""
        folder = Path(values.get("forge.folder") or DEFAULT_FOLDER)
        return LocalFolder(expanded(folder), values.get("forge.url") or DEFAULT_URL)

    def problems(self, values: Values) -> Iterable[tuple[str, Problem]]:
        """Return nothing: it has no settings of its own that could contradict each other."""
        del values
        return ()

    def credentials(self, values: Values) -> Credentials:
        """Return nothing: it is a folder of this machine."""
        del values
        return Credentials()

    @property
    def owned_on(self) -> str:
        """Empty: a folder's repositories have no owner."""
        return ""

    @property
    def new_folder(self) -> Path:
        """The folder that the forge serves."""
        return DEFAULT_FOLDER

    def creation(self, owner: str, name: str) -> str:
        """Return nothing: what is written into the folder is on the forge."""
        del owner, name
        return ""

    def identified(self, identity: Mapping[str, object], values: Values) -> LocalPlace | None:
        """Return the repository of a folder; None without one."""
        del values
        if not identity.get("folder"):
            return None
        name = str(identity.get("repository") or "")
        return LocalPlace(LocalFolder(Path(str(identity["folder"]))), name)

    def named(self, given: str, environ: Mapping[str, str]) -> None:
        """Return None: a plain name needs a folder, which commands find their own way."""
        del given, environ
