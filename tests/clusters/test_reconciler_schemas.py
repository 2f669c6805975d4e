"""The schemas that Kalypso ships are those of the reconcilers that the clusters here run."""

import pytest

from kalypso.conformance.shipped_schemas import SHIPPED, unpack
from tools.reconciler_schemas import DEFINITIONS, schemas


@pytest.mark.parametrize("reconciler", sorted(DEFINITIONS))
def test_shipped_schemas_are_made_from_the_definitions_of_the_modules(reconciler: str) -> None:
    assert unpack((SHIPPED / f"{reconciler}.json.gz").read_bytes()) == schemas(reconciler)
