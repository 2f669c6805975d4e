"""Tables align, data keeps its shape, and no cell can do more than be read."""

from __future__ import annotations

import csv
import io
import json

from kalypso.errors import Position
from kalypso.model.selector import parse_selector
from kalypso.report.listing import Column, Listing, format_listing, table

COLUMNS = (Column("name"), Column("clusterTypes"), Column("labels", wide=True))


def listing(*rows: tuple[str, int, dict[str, str]]) -> Listing:
    return Listing(COLUMNS, rows, "Thing", tuple(row[0] for row in rows))


def test_columns_align_and_numbers_stand_to_the_right() -> None:
    text = format_listing(listing(("a", 7, {}), ("longer", 1000, {})), "text")
    assert text.splitlines() == [
        "NAME     CLUSTER-TYPES",
        "a                    7",
        "longer            1000",
    ]


def test_wide_shows_what_text_leaves_out() -> None:
    text = format_listing(listing(("a", 1, {"region": "west", "size": ""})), "wide")
    assert text.splitlines()[1] == 'a                  1   region=west, size=""'


def test_an_empty_cell_is_shown_as_a_dash() -> None:
    assert format_listing(listing(("a", 1, {})), "wide").endswith("\na                  1   -")


def test_a_long_cell_says_how_many_items_it_leaves_out() -> None:
    columns = (Column("name"), Column("keys"))
    keys = [f"A_KEY_OF_TWENTY_{number:03}X" for number in range(9)]
    text = format_listing(Listing(columns, (("a", keys),), "Thing", ("a",)), "text")
    assert text.splitlines()[1] == ("a      A_KEY_OF_TWENTY_000X, A_KEY_OF_TWENTY_001X and 7 more")


def test_an_item_longer_than_the_cell_is_shown_whole() -> None:
    columns = (Column("name"), Column("keys"))
    text = format_listing(Listing(columns, (("a", ["k" * 80]),), "Thing", ("a",)), "text")
    assert text.splitlines()[1] == f"a      {'k' * 80}"


def test_a_listing_without_rows_is_an_empty_list_for_programs() -> None:
    assert json.loads(format_listing(listing(), "json"))["items"] == []
    assert format_listing(listing(), "yaml") == (
        "apiVersion: kalypso.io/v1\nkind: ThingList\nitems: []"
    )
    assert format_listing(listing(), "csv") == "name,clusterTypes,labels"
    assert format_listing(listing(), "name") == ""


def test_json_keeps_types_and_places() -> None:
    columns = (Column("name"), Column("at"))
    shown = Listing(columns, (("a", Position("dir/a.yaml", 3, 5)),), "Thing", ("a",))
    assert json.loads(format_listing(shown, "json"))["items"] == [
        {"name": "a", "at": {"file": "dir/a.yaml", "line": 3, "column": 5}}
    ]
    assert format_listing(shown, "text").splitlines()[1] == "a      dir/a.yaml:3"


def test_a_name_with_control_characters_cannot_move_the_cursor() -> None:
    hostile = "a\x1b[2Jb\rc\u202ed\x9be"
    for form in ("text", "wide", "json", "yaml", "name"):
        text = format_listing(listing((hostile, 1, {"key": hostile})), form)
        assert not set(text) & set("\x1b\r\u202e\x9b"), form


def test_a_cell_cannot_start_a_new_row() -> None:
    text = format_listing(listing(("a\nb", 1, {})), "text")
    assert text.splitlines()[1:] == ['"a\\nb"               1']


def test_csv_quotes_what_has_commas_and_lines() -> None:
    text = format_listing(listing(('a, "b"\nc', 1, {"x": "1", "y": "2"})), "csv")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1] == ['"a, \\"b\\"\\nc"', "1", "x=1, y=2"]


def test_no_csv_cell_is_a_formula() -> None:
    for start in "=+-@":
        text = format_listing(listing((f"{start}1+1", 1, {})), "csv")
        assert next(iter(list(csv.reader(io.StringIO(text)))[1])) == f"'{start}1+1"


def test_a_selector_is_text_for_people_and_an_object_for_programs() -> None:
    columns = (Column("name"), Column("targets"))
    selector = parse_selector({"matchLabels": {"a": "b"}})
    shown = Listing(columns, (("p", selector),), "Thing", ("p",))
    assert format_listing(shown, "text").splitlines()[1] == "p      a = b"
    assert json.loads(format_listing(shown, "json")) == {
        "apiVersion": "kalypso.io/v1",
        "kind": "ThingList",
        "items": [
            {
                "name": "p",
                "targets": {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]},
            }
        ],
    }


WORDS = [["one", "the quick brown fox jumps", "a-name-that-is-not-broken"]]


def test_a_table_fits_a_width_between_words() -> None:
    text = table(["ID", "TITLE", "NAME"], WORDS, 50)
    assert text == (
        "ID    TITLE              NAME\n"
        "one   the quick brown    a-name-that-is-not-broken\n"
        "      fox jumps"
    )
    assert max(map(len, text.splitlines())) <= 50


def test_a_table_uses_the_width_that_there_is() -> None:
    assert len(table(["ID", "TITLE", "NAME"], WORDS, 200).splitlines()) == 2


def test_a_word_is_not_broken_however_narrow_the_screen_is() -> None:
    text = table(["ID", "TITLE", "NAME"], WORDS, 10)
    assert "a-name-that-is-not-broken" in text
    assert "quick" in text.split()
