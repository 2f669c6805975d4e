"""Stand-ins for plugins answer the engine as long as it runs what it believes to be one."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from tests.standins.plugin_host import FOLDER, PLUGINS, plugin_variables

SECONDS = 5
"""How long the engine waits for the end of its plugins."""


def script(name: str) -> str:
    return str(FOLDER / f"pulumi-resource-{name}")


def variables(folder: Path) -> Mapping[str, str]:
    return {**os.environ, **plugin_variables(), "KALYPSO_TEST_AZURE": str(folder)}


@contextmanager
def started(name: str, folder: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Start a script as the engine does; give the process, and the address that it told."""
    with subprocess.Popen(
        [script(name), "127.0.0.1:1"],
        env=variables(folder),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield process, f"127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def is_there(address: str) -> bool:
    with grpc.insecure_channel(address) as channel:
        try:
            ResourceProviderStub(channel).GetPluginInfo(Empty(), timeout=SECONDS)
        except grpc.RpcError:
            return False
    return True


def goes(address: str) -> bool:
    """Return whether a plugin goes in the time that the engine has for it."""
    end = time.monotonic() + SECONDS
    while is_there(address):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize(
    ("name", "version"), [("azure-native", "3.29.0"), ("kubernetes", "4.34.2")]
)
def test_a_script_is_answered_for_by_the_plugin_of_its_name(
    name: str, version: str, tmp_path: Path
) -> None:
    with started(name, tmp_path) as (_, address), grpc.insecure_channel(address) as channel:
        told = ResourceProviderStub(channel).GetPluginInfo(Empty(), timeout=SECONDS)
        assert told.version == version


@pytest.mark.parametrize("name", sorted(PLUGINS))
def test_a_plugin_ends_with_its_script_before_the_engine_kills_it(
    name: str, tmp_path: Path
) -> None:
    with started(name, tmp_path) as (process, address):
        assert is_there(address)
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 0
        assert goes(address)


def test_a_plugin_ends_with_an_engine_that_was_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        ["sh", "-c", '"$0" & wait', script("kubernetes")],
        env=variables(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    ) as engine:
        assert engine.stdout is not None
        address = f"127.0.0.1:{int(engine.stdout.readline())}"
        assert is_there(address)
        engine.kill()
        engine.wait()
        assert goes(address)


def test_each_plugin_knows_only_what_it_was_given(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    urn = "urn:pulumi:dev::p::kubernetes:core/v1:Namespace::n"
    made = Struct()
    made.update({"kind": "Namespace", "metadata": {"name": "n"}})
    configured = Struct()
    configured.update({"context": "drone"})
    with (
        started("kubernetes", folders[0]) as (_, one),
        started("kubernetes", folders[1]),
        grpc.insecure_channel(one) as channel,
    ):
        stub = ResourceProviderStub(channel)
        stub.Configure(provider_pb2.ConfigureRequest(args=configured), timeout=SECONDS)
        stub.Create(provider_pb2.CreateRequest(urn=urn, properties=made), timeout=SECONDS)
    assert [len(list((folder / "objects").iterdir())) for folder in folders] == [1, 0]


def test_a_script_without_a_host_says_what_it_needs(tmp_path: Path) -> None:
    given = {**variables(tmp_path), "KALYPSO_TEST_PLUGINS": ""}
    done = subprocess.run(
        [script("kubernetes")], env=given, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "KALYPSO_TEST_PLUGINS" in done.stderr
