"""Trailers of a commit say what it was made of, and are read back as they were written."""

import pytest

from kalypso.model.provenance import Provenance, Reading, Unreadable, parse_provenance, trailer

ONE, TWO = "1" * 40, "2" * 40
WHOLE = Provenance(
    control_plane=Reading("https://git.example.com/acme/control-plane", "dev", ONE),
    bases=(Reading("https://git.example.com/acme/control-plane", "main", TWO),),
    workloads=(Reading("git@git.example.com:acme/app.git", "release@2", ONE),),
    settings={"conventions": "operator", "allow": "now,uuidv4"},
    version="0.1.0",
)
LINES = f"""\
Kalypso-Control-Plane: https://git.example.com/acme/control-plane@{ONE} dev
Kalypso-Base: https://git.example.com/acme/control-plane@{TWO} main
Kalypso-Workload: git@git.example.com:acme/app.git@{ONE} release@2
Kalypso-Settings: allow=now,uuidv4 conventions=operator
Kalypso-Version: 0.1.0"""


def test_every_source_is_named_with_its_commit() -> None:
    assert WHOLE.trailers() == LINES


def test_what_was_written_is_read() -> None:
    assert parse_provenance(f"Update\n\n3 files\n\n{LINES}\n") == WHOLE


def test_lines_that_a_forge_adds_when_it_squashes_do_not_matter() -> None:
    message = f"Update (#7)\n\n* Update\n\n{LINES}\n\nCo-authored-by: Ada <ada@example.com>\n"
    assert parse_provenance(message) == WHOLE


def test_a_source_that_is_named_by_its_commit_only_has_no_branch() -> None:
    message = LINES.replace(f"{TWO} main", TWO)
    assert parse_provenance(message).bases[0].branch == ""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("Kalypso-Control-Plane", "Control-Plane"), "it has no Kalypso-Control-Plane"),
        (("Kalypso-Version", "Version"), "it has no Kalypso-Version"),
        ((f"@{TWO} main", "@main"), "its Kalypso-Base is not of the form REPOSITORY@COMMIT BRANCH"),
        ((TWO, TWO[:-1]), "its Kalypso-Base is not of the form"),
        (("allow=now,uuidv4", "allow"), "its Kalypso-Settings are not of the form KEY=VALUE"),
        (("\nKalypso-Version", "\nKalypso-Version: 9\nKalypso-Version"), "it has two"),
    ],
)
def test_what_we_never_write_is_refused(change: tuple[str, str], told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        parse_provenance(LINES.replace(*change))


def test_a_trailer_that_is_said_twice_alike_is_one() -> None:
    assert trailer("Kalypso-Version: 1\n\nKalypso-Version: 1\n", "Kalypso-Version") == "1"


def test_a_message_of_a_person_is_refused() -> None:
    with pytest.raises(Unreadable, match="it has no Kalypso-Control-Plane"):
        parse_provenance("Fix the drone\n")
