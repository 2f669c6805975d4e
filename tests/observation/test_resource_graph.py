"""Clusters read from Azure: all rows and of now, or the gate stays closed and says why."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest

from kalypso.observation import AzureReader, Clocks, ManagementApi
from kalypso.promotion import Clock, Record, Verdict, judge
from tests.promotion.fleet import ancestry_of, expected_of, fleet, seconds
from tests.support.resource_graph import GRAPH, AzureServer, Json, Refusal

OUTSIDE = "outside"


class Bench:
    """A fleet in Azure that is at X and healthy."""

    def __init__(self) -> None:
        self.world = fleet("azure")
        self.now = seconds(self.world["now"])
        self.server = AzureServer(copy.deepcopy(self.world["rows"]))
        self.tokens = iter(["t1", "t2", "t3"])
        self.pauses: list[float] = []

    def reader(self) -> AzureReader:
        return AzureReader(
            ManagementApi(self.server.url),
            lambda: next(self.tokens),
            Clocks(wall=lambda: self.now, sleep=self.pauses.append),
            jitter=lambda: 0.0,
        )

    def verdict(self) -> Verdict:
        expected = expected_of(self.world["expected"])
        return judge(
            expected,
            self.reader().read(expected),
            ancestry_of(self.world),
            Record(environment="dev"),
            Clock(self.now),
        )

    def told(self) -> tuple[str, str]:
        verdict = self.verdict()
        texts = {f.text for cluster in verdict.clusters for f in cluster.findings}
        return verdict.outcome.value, "; ".join(sorted(texts))

    @property
    def queries(self) -> list[Json]:
        return [body for path, body in self.server.asked if path == GRAPH]


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    with made.server:
        yield made


def test_a_healthy_fleet_passes_by_one_query(bench: Bench) -> None:
    assert bench.told() == ("pass", "")
    (query,) = bench.queries
    scope = sorted(
        {each["resource_id"].split("/")[2] for each in bench.world["expected"]["clusters"]}
    )
    assert query["subscriptions"] == scope


def test_all_pages_are_read(bench: Bench) -> None:
    bench.server.largest_page = 1
    assert bench.told() == ("pass", "")
    assert len(bench.queries) == len(bench.server.rows)


def test_a_subscription_that_is_hidden_is_missing_and_closes_the_gate(bench: Bench) -> None:
    row = bench.server.rows[-1]
    other = copy.deepcopy(bench.world["expected"]["clusters"][0])
    other |= {"name": "west", "resource_id": "/subscriptions/hidden/x/y/z"}
    bench.world["expected"]["clusters"].append(other)
    bench.server.hidden.add("hidden")
    assert row["subscriptionId"] != "hidden"
    outcome, said = bench.told()
    assert (outcome, "no record: Azure has no Flux configuration" in said) == ("wait", True)


def test_a_caller_who_may_read_nothing_is_refused(bench: Bench) -> None:
    bench.server.hidden |= {row["subscriptionId"] for row in bench.server.rows}
    outcome, said = bench.told()
    assert (outcome, "Azure refuses to answer (403)" in said) == (OUTSIDE, True)


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (Refusal(change=lambda page: page.update(resultTruncated="true")), "it is truncated"),
        (Refusal(change=lambda page: page.pop("data")), "data is missing"),
        (Refusal(change=lambda page: page.update(totalRecords=99)), "99 rows were promised"),
        (
            Refusal(headers={"x-ms-tenant-subscription-limit-hit": "true"}),
            "left out subscriptions, as there are too many",
        ),
        (Refusal(body=b"[]"), "the answer of Azure is not a JSON object"),
        (Refusal(body=b"<html>"), "the answer of Azure is not a JSON object"),
        (Refusal(cut=True), "unreachable: Azure: "),
        (Refusal(500), "Azure answers with 500"),
        (Refusal(302, {"Location": "/elsewhere"}), "Azure answers with 302"),
    ],
)
def test_an_answer_that_is_not_whole_closes_the_gate(
    bench: Bench, refusal: Refusal, said: str
) -> None:
    bench.server.refusals = [refusal] * 2
    outcome, text = bench.told()
    assert (outcome, said in text) == (OUTSIDE, True), text


def test_rows_that_changed_between_pages_are_asked_for_again(bench: Bench) -> None:
    bench.server.refusals = [Refusal(change=lambda page: page.update(count=99))]
    assert bench.told() == ("pass", "")


def test_a_quota_that_is_used_up_is_waited_for(bench: Bench) -> None:
    bench.server.refusals = [Refusal(429, {"x-ms-user-quota-resets-after": "00:00:03"})] * 2
    assert bench.told() == ("pass", "")
    assert bench.pauses == [3.0, 3.0]


def test_a_quota_that_never_comes_back_ends_the_look(bench: Bench) -> None:
    bench.server.refusals = [Refusal(429)] * 1_000
    outcome, said = bench.told()
    assert (outcome, "too slow to answer" in said) == (OUTSIDE, True)


def test_a_token_that_has_expired_is_renewed_once(bench: Bench) -> None:
    bench.server.tokens = {"t2"}
    assert bench.told() == ("pass", "")
    bench.server.tokens = set()
    bench.tokens = iter(["a", "b", "c"])
    outcome, said = bench.told()
    assert (outcome, "Azure refuses to answer (401)" in said) == (OUTSIDE, True)


def test_news_from_before_the_merge_is_confirmed_by_the_configuration_itself(bench: Bench) -> None:
    row = bench.server.rows[0]
    bench.server.live[row["id"].lower()] = copy.deepcopy(row["properties"])
    row["properties"]["statusUpdatedAt"] = "2026-11-28T09:00:00Z"
    assert bench.told() == ("pass", "")
    assert bench.server.asked[-1][0].lower() == row["id"].lower()


def test_a_configuration_that_is_gone_by_now_is_missing(bench: Bench) -> None:
    row = bench.server.rows[0]
    row["properties"]["statusUpdatedAt"] = "2026-11-28T09:00:00Z"
    answer = bench.server.configuration
    bench.server.configuration = lambda name: (404, {"of": name})  # type: ignore[method-assign] # of this one
    assert answer(row["id"])[0] == 200
    outcome, said = bench.told()
    assert (outcome, "no record: Azure has no Flux configuration" in said) == ("wait", True)


def test_another_query_is_refused_by_the_stand_in(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kalypso.observation.resource_graph.QUERY", "resources | take 5")
    outcome, said = bench.told()
    assert (outcome, "Azure answers with 400" in said) == (OUTSIDE, True)


def test_nobody_is_asked_about_clusters_that_are_read_in_other_ways(bench: Bench) -> None:
    for cluster in bench.world["expected"]["clusters"]:
        cluster["evidence"] = ["reports"]
    assert bench.reader().read(expected_of(bench.world["expected"])) == ()
    assert bench.server.asked == []
