"""How a preview checks the model of a change: once, whatever the log's form is."""

import io
from pathlib import Path

import pytest

from kalypso.ci import Console, checked
from kalypso.ci.programs import Done
from kalypso.ci.settings import PreviewSettings

ANNOTATED = "::error file=a.yaml,line=2,col=1,title=load::odd\n"
PLAIN = "a.yaml:2:1: error: odd [load]\n"
UNREADABLE = "nowhere:1:1: error: there is no folder nowhere [no-repository]\n"


def check(
    form: str, folder: Path, monkeypatch: pytest.MonkeyPatch, *, printed: Done, report: str | None
) -> tuple[checked.Checked, str, str]:
    """Check with a `kalypso validate` that is played; return what was found, logged and kept."""

    def played(*arguments: str, **_: object) -> Done:
        assert arguments[0] == "validate"
        assert arguments[-4:-1] == ("--output", form, "--report")
        if report is not None:
            (Path(arguments[-1]) / "problems.txt").write_text(report)
        return printed

    monkeypatch.setattr(checked, "run_kalypso", played)
    monkeypatch.setattr(checked, "changes_between", lambda *_: {})
    given = {"ENVIRONMENT": "dev", "TARGET": "dev", "MODEL": "/model", "FORM": form}
    settings = PreviewSettings.read({**given, "OUT": str(folder)})
    settings.report.mkdir()
    (settings.report / "problems.txt").write_text("of an earlier run")
    log = io.StringIO()
    found = checked.check_model(settings, {}, "start", Console(log, log))
    return found, log.getvalue(), (settings.report / "problems.txt").read_text()


@pytest.mark.parametrize(("form", "printed"), [("text", PLAIN), ("github", ANNOTATED)])
def test_the_report_has_the_problems_as_text_and_the_log_in_its_form(
    form: str, printed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = Done(2, printed, "")
    found = check(form, tmp_path, monkeypatch, printed=done, report=PLAIN)
    assert found == (checked.Checked(2, PLAIN), printed, PLAIN)


@pytest.mark.parametrize("form", ["text", "github"])
def test_a_model_that_cannot_be_read_is_in_the_report_too(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = Done(2, "", UNREADABLE)
    found = check(form, tmp_path, monkeypatch, printed=done, report=None)
    assert found == (checked.Checked(2, UNREADABLE), UNREADABLE, UNREADABLE)
