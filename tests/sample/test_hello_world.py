"""The sample application, started for real on a free port."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tests.sample.tree import SAMPLE

SOURCE = SAMPLE / "app-src/main"
COMMAND = [sys.executable, "-B", "-m", "hello_world"]  # -B: no cache files in the sample

PLATFORM = {
    "ENVIRONMENT": "Dev",
    "CLUSTER_NAME": "Drone",
    "REGION": "East US",
    "DATABASE_URL": "mysql://restricted-host:3306/mysqlrty123",
    "SOME_COMMON_ENVIRONMENT_VARIABLE": "false",
}


@contextmanager
def running(variables: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start the service and give its process and port; it is ended with SIGTERM."""
    process = subprocess.Popen(
        COMMAND,
        cwd=SOURCE,
        env={"PORT": "0", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            yield process, int(line.rpartition(":")[2])
        finally:
            process.terminate()


def fetch(port: int, path: str, method: str = "GET") -> tuple[HTTPResponse, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        return response, response.read().decode()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with running(PLATFORM | {"DEPLOYMENT_TARGET": "functional-test", "VERSION": "1.0.0"}) as (_, p):
        yield p


def test_page_shows_every_value_of_the_platform(port: int) -> None:
    response, page = fetch(port, "/")
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    for name, value in PLATFORM.items():
        assert f"<dt>{name}</dt><dd>{value}</dd>" in page


def test_page_says_where_it_runs(port: int) -> None:
    _, page = fetch(port, "/")
    assert "<h1>Hello World!</h1>" in page
    assert ">from Dev · Drone<" in page
    assert ">functional-test<" in page
    assert "Version 1.0.0" in page


def test_style_sheet_is_served_under_the_name_that_the_page_uses(port: int) -> None:
    _, page = fetch(port, "/")
    assert '<link rel="stylesheet" href="style.css">' in page
    response, _ = fetch(port, "/style.css")
    assert (response.status, response.headers["Content-Type"]) == (200, "text/css; charset=utf-8")


def test_configuration_is_served_as_json(port: int) -> None:
    _, body = fetch(port, "/config.json?pretty")
    assert json.loads(body) == {"deploymentTarget": "functional-test", **PLATFORM}


def test_probes_get_an_answer(port: int) -> None:
    response, body = fetch(port, "/healthz")
    assert (response.status, body) == (200, "ok\n")


def test_process_with_a_value_that_the_platform_changed_fails_its_liveness_probe(
    tmp_path: Path,
) -> None:
    (tmp_path / "ENVIRONMENT").write_text("Dev")
    with running({"ENVIRONMENT": "Dev", "PLATFORM_CONFIG": str(tmp_path)}) as (_, port):
        before, _ = fetch(port, "/healthz")
        (tmp_path / "ENVIRONMENT").write_text("Stage")
        after, body = fetch(port, "/healthz")
        ready, _ = fetch(port, "/ready")
    assert (before.status, after.status, ready.status) == (200, 503, 200)
    assert body == "the platform changed ENVIRONMENT since this process was started\n"


def test_service_passes_its_own_tests() -> None:
    command = [sys.executable, "-B", "-m", "unittest", "discover", "-s", "tests", "-t", "."]
    done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, check=False)
    assert done.stderr.endswith("OK\n"), done.stderr


def test_head_has_the_length_and_no_body(port: int) -> None:
    response, body = fetch(port, "/healthz", "HEAD")
    assert (response.status, response.headers["Content-Length"], body) == (200, "3", "")


@pytest.mark.parametrize("path", ["/nope", "/../hello_world/page.py", "/style.css/"])
def test_unknown_path_is_not_found(port: int, path: str) -> None:
    response, _ = fetch(port, path)
    assert response.status == 404


def test_writing_is_refused(port: int) -> None:
    response, _ = fetch(port, "/", "POST")
    assert response.status == 501


def test_request_that_is_no_http_is_refused_and_the_service_goes_on(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"one two three four\r\n\r\n")
        assert b"400" in connection.recv(1024)
    response, _ = fetch(port, "/healthz")
    assert response.status == 200


def test_value_that_the_platform_does_not_give_is_said_to_be_missing() -> None:
    with running({"ENVIRONMENT": "Dev"}) as (_, port):
        _, page = fetch(port, "/")
        _, body = fetch(port, "/config.json")
    assert '<dt>REGION</dt><dd class="unset">not set</dd>' in page
    assert ">from Dev<" in page
    assert json.loads(body)["REGION"] is None


def test_no_configuration_at_all_still_greets() -> None:
    with running({}) as (_, port):
        response, page = fetch(port, "/")
    assert response.status == 200
    assert "nowhere in particular" in page


def test_value_cannot_put_markup_into_the_page() -> None:
    with running({"CLUSTER_NAME": "<script>alert(1)</script>"}) as (_, port):
        _, page = fetch(port, "/")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mysql://app:s3cret@db:3306/x", "mysql://app:***@db:3306/x"),
        ("mysql://app:a@b@db/x?y=1", "mysql://app:***@db/x?y=1"),
        ("mysql://app@db/x", "mysql://app@db/x"),
        ("mysql://[half:open", "mysql://[half:open"),
        ("no url: at all", "no url: at all"),
    ],
)
def test_password_of_a_url_is_never_shown(url: str, shown: str) -> None:
    with running({"DATABASE_URL": url}) as (_, port):
        _, body = fetch(port, "/config.json")
    assert json.loads(body)["DATABASE_URL"] == shown


def test_no_other_variable_of_the_environment_is_shown() -> None:
    with running(PLATFORM | {"API_TOKEN": "canary-5f1c"}) as (_, port):
        pages = [fetch(port, path)[1] for path in ("/", "/config.json")]
    assert not any("canary-5f1c" in page for page in pages)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_it_in_good_order(stop: signal.Signals) -> None:
    with running({}) as (process, _):
        process.send_signal(stop)
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize("wrong", ["http", "-1", "65536", ""])
def test_port_that_is_none_ends_it_with_one_sentence(wrong: str) -> None:
    done = _refused({"PORT": wrong})
    assert done.stderr.startswith("hello-world: cannot listen: ")


def test_port_that_is_taken_ends_it_with_one_sentence(port: int) -> None:
    done = _refused({"PORT": str(port)})
    assert "Address already in use" in done.stderr


def _refused(variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        COMMAND,
        cwd=SOURCE,
        env=dict(variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    return done
