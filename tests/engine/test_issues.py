"""An assignment that fails has an issue as long as it fails; a preview opens none."""

from tests.engine.bench import Bench, up_command
from tests.stack.test_issues import SCHEMA

HEALED = "# nothing is asked any more\n"
PREVIEW = ("pulumi", "preview", "-s", "dev", "--non-interactive")


def test_an_issue_is_opened_and_closed_by_runs_and_not_by_previews(dev_is_up: Bench) -> None:
    dev_is_up.commit("control-plane", "dev", {"strict.yaml": SCHEMA.decode()})
    told = dev_is_up.refused(*PREVIEW)
    assert "NOT_THERE" in told
    listed = ("issues", "list")
    assert dev_is_up.kalypso(*listed) == "no open issues\n"
    assert "opened issue 1: `kalypso issues show 1`" in dev_is_up.refused(*up_command("dev"))
    assert dev_is_up.kalypso(*listed) == "#1    observability-prometheus on large fails in dev\n"
    dev_is_up.commit("control-plane", "dev", {"strict.yaml": HEALED})
    assert "closed issue 1" in dev_is_up.good(*up_command("dev"))
    assert dev_is_up.kalypso(*listed) == "no open issues\n"
    dev_is_up.good("pulumi", "destroy", "-s", "dev", "--yes", "--skip-preview", "--non-interactive")
    assert not dev_is_up.forge.exists()
