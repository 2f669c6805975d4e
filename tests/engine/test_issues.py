"""An assignment that fails has an issue as long as it fails; a preview opens none."""

from tests.engine.bench import Bench, up_command
from tests.stack.test_issues import SCHEMA

HEALED = "# nothing is asked any more\n"
PREVIEW = ("pulumi", "preview", "-s", "dev", "--non-interactive")


def test_an_issue_is_opened_and_closed_by_runs_and_not_by_previews(bench: Bench) -> None:
    bench.init("dev")
    bench.up("dev")
    bench.commit("control-plane", "dev", {"strict.yaml": SCHEMA.decode()})
    told = bench.refused(*PREVIEW)
    assert "NOT_THERE" in told
    listed = ("kalypso", "issues", "list")
    assert bench.good(*listed) == "no open issues\n"
    assert "opened issue 1: `kalypso issues show 1`" in bench.refused(*up_command("dev"))
    assert bench.good(*listed) == "#1    observability-prometheus on large fails in dev\n"
    bench.commit("control-plane", "dev", {"strict.yaml": HEALED})
    assert "closed issue 1" in bench.good(*up_command("dev"))
    assert bench.good(*listed) == "no open issues\n"
    bench.good("pulumi", "destroy", "-s", "dev", "--yes", "--skip-preview", "--non-interactive")
    assert not bench.forge.exists()
