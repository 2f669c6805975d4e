"""How often a preview checks the model of a change: once, and again for another form."""

import io
from pathlib import Path

import pytest

from kalypso.ci import Console, checked
from kalypso.ci.programs import Done
from kalypso.ci.settings import PreviewSettings

ANNOTATED = "::error file=a.yaml,line=2,col=1,title=load::odd\n"
PLAIN = "a.yaml:2:1: error: odd [load]\n"


@pytest.mark.parametrize(
    ("form", "printed", "times"), [("text", PLAIN, 1), ("github", ANNOTATED, 2)]
)
def test_the_report_has_the_problems_as_text_and_the_log_in_its_form(
    form: str, printed: str, times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def played(*arguments: str, **_: object) -> Done:
        asked.append(arguments)
        return Done(2, ANNOTATED if arguments[-1] == "github" else PLAIN, "")

    monkeypatch.setattr(checked, "run_kalypso", played)
    monkeypatch.setattr(checked, "changes_between", lambda *_: {})
    given = {"ENVIRONMENT": "dev", "TARGET": "dev", "MODEL": "/model", "FORM": form}
    settings = PreviewSettings.read({**given, "OUT": str(tmp_path)})
    settings.report.mkdir()
    log = io.StringIO()
    found = checked.check_model(settings, {}, "start", Console(log, log))
    assert (found, log.getvalue()) == (checked.Checked(2, PLAIN), printed)
    assert (settings.report / "problems.txt").read_text() == PLAIN
    assert len(asked) == times
