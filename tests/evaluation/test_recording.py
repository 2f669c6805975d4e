"""What a commit says of the settings that it was made with: all that change its content."""

import pytest

from kalypso.evaluation import Request
from kalypso.evaluation.recording import Recorder
from kalypso.loading import ControlPlane
from kalypso.model import Platform, Pointer, Source
from kalypso.rendering import RenderSettings

COMMIT = "1" * 40
HERE = Pointer(repo="https://example.com/a/control-plane", branch="dev")


class Nothing:
    """Repositories of which none is read."""

    def read(self, pointer: Pointer) -> Source:
        raise AssertionError(pointer)


def recorded(settings: RenderSettings, path: str = ".") -> dict[str, str]:
    start = ControlPlane(
        environment="dev", source=Source("dev:", {}, COMMIT), path=path, pointer=HERE
    )
    request = Request(start=start, repositories=Nothing(), settings=settings)
    platform = Platform(environment="dev", cluster_types=())
    provenance = Recorder(Nothing()).provenance(request, platform)
    assert provenance is not None
    assert provenance.control_plane.commit == COMMIT
    return dict(provenance.settings)


@pytest.mark.parametrize(
    ("settings", "path", "written"),
    [
        (RenderSettings(), ".", {}),
        (RenderSettings(missing_key="default"), ".", {"missing-key": "default"}),
        (RenderSettings(convention="operator"), ".", {"conventions": "operator"}),
        (RenderSettings(allowed_functions=frozenset({"now", "env"})), ".", {"allow": "env,now"}),
        (RenderSettings(), "fleets/west", {"path": "fleets/west"}),
    ],
)
def test_each_setting_that_is_not_the_default_is_written(
    settings: RenderSettings, path: str, written: dict[str, str]
) -> None:
    assert recorded(settings, path) == written
