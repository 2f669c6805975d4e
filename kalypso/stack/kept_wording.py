"""The words of a proposal, kept in the object store beside its manifests.

They quote manifests, so they are not inputs of a resource: inputs are in the state, and in plans.
The program writes them before it declares the branch, and the provider reads them when it delivers.
"""

import json
from pathlib import Path

from msgspec.structs import asdict

from kalypso.delivery import Wording
from kalypso.git import keep_blob, kept_blob


def keep_wording(folder: Path, environment: str, manifests: str, wording: Wording) -> None:
    """Keep the words until the next ones of the environment.

    Args:
        folder: The object store.
        environment: Whose proposal they are about.
        manifests: Tree of the manifests that they are about.
        wording: The words.

    Raises:
        DeliveryError: The texts cannot be written.
    """
    record = {"manifests": manifests, **asdict(wording)}
    keep_blob(folder, _ref(environment), json.dumps(record).encode())


def read_kept_wording(folder: Path, environment: str, manifests: str) -> Wording | None:
    """Return the words about these manifests; None if there are none, or only damaged ones.

    A proposal without them is about files only, so nothing about them is an error.
    """
    try:
        record = json.loads(kept_blob(folder, _ref(environment)) or b"{}")
        if record.pop("manifests", "") != manifests:
            return None
        return Wording(**record)
    except (ValueError, TypeError, AttributeError):
        return None


def _ref(environment: str) -> str:
    return f"refs/kalypso/wording/{environment}"
