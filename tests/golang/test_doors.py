"""What Go does can be used without the rest of Kalypso, a package at a time."""

from __future__ import annotations

import subprocess
import sys

import pytest

PACKAGES = [
    *("base_decoding", "bytestrings", "fmt", "json", "path", "reflect", "regexp", "runes"),
    *("signatures", "sizes", "strconv", "time", "url", "values"),
    *("yaml.resolve", "yaml.v2", "yaml.v3"),
]


def loaded_by(code: str) -> set[str]:
    """Return the names of all modules that are loaded after the code in a new process."""
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


def test_no_package_loads_another_room() -> None:
    loaded = loaded_by("\n".join(f"import kalypso.golang.{name}" for name in PACKAGES))
    rooms = {name for name in loaded if name.startswith("kalypso.")}
    assert {name for name in rooms if not name.startswith("kalypso.golang")} == set()


@pytest.mark.parametrize("name", [name for name in PACKAGES if name != "yaml.v2"])
def test_no_package_but_yaml_v2_loads_a_large_library(name: str) -> None:
    loaded = loaded_by(f"import kalypso.golang.{name}")
    assert loaded.isdisjoint({"re2", "yaml", "zoneinfo"})


def test_times_have_their_methods_wherever_they_are_made() -> None:
    code = "from kalypso.golang.time.times import Time; Time.methods['Year'].call(Time(0))"
    assert "kalypso.golang.time" in loaded_by(code)
