"""What the page shows, and when a process has to be started again."""

from __future__ import annotations

import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from hello_world.configuration import Configuration
from hello_world.mounted import outdated
from hello_world.page import greeting_page

DRONE = {"ENVIRONMENT": "Dev", "CLUSTER_NAME": "Drone", "DATABASE_URL": "mysql://db:3306/one"}


class Page(unittest.TestCase):
    """The greeting page."""

    def test_page_greets_from_environment_and_cluster(self) -> None:
        """A visitor sees where the page comes from."""
        assert "from Dev · Drone" in page(DRONE)

    def test_value_of_the_platform_is_never_markup(self) -> None:
        """A value is text, whatever is in it."""
        assert "&lt;b&gt;" in page({**DRONE, "REGION": "<b>"})

    def test_password_of_a_url_is_never_shown(self) -> None:
        """A page has no secrets."""
        assert "hunter2" not in page({"DATABASE_URL": "mysql://me:hunter2@db/one"})


class Outdated(unittest.TestCase):
    """Values that changed since the process was started."""

    def setUp(self) -> None:
        """Mount the values of the drone."""
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name, value in DRONE.items():
            (self.folder / name).write_text(value, encoding="utf-8")
        self.variables = {**DRONE, "PLATFORM_CONFIG": folder.name}

    def test_nothing_is_outdated_at_the_start(self) -> None:
        """A container starts with the values that are mounted."""
        assert outdated(self.variables) == []

    def test_changed_value_is_outdated(self) -> None:
        """The process still has the old one."""
        (self.folder / "DATABASE_URL").write_text("mysql://db:3306/two", encoding="utf-8")
        assert outdated(self.variables) == ["DATABASE_URL"]

    def test_value_that_is_gone_is_outdated(self) -> None:
        """The process would go on with a value that the platform took back."""
        (self.folder / "CLUSTER_NAME").unlink()
        assert outdated(self.variables) == ["CLUSTER_NAME"]

    def test_nothing_is_outdated_without_mounted_values(self) -> None:
        """On a laptop nothing is mounted."""
        assert outdated(DRONE) == []


def page(variables: dict[str, str]) -> str:
    """Return the page for an environment."""
    return greeting_page(Configuration.from_environment(variables), "1.0.0")
