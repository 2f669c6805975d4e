"""API servers as kubeconfigs name them: contexts, certificates, tokens, programs that sign in.

All of that is the business of the package `kubernetes`, the official client. Requests go through
its pool of connections and not through its generated methods, which follow redirects, take answers
of any size and make an object of a class of each.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from kalypso.errors import DeliveryError, Position
from kalypso.harmless_text import harmless_line
from kalypso.observation.conversation import Reply, Unreachable

_LARGEST = 64 * 1024 * 1024
"""Bytes of one answer: a page has at most 500 objects."""
_SHOWN = 300


class Kubeconfig:
    """The files of a kubeconfig, read once, when the first context is opened."""

    def __init__(self, files: Iterable[Path]) -> None:
        """Load the library; nothing is read yet.

        Args:
            files: As `KUBECONFIG` names them; what the first one says counts.

        Raises:
            DeliveryError: The package `kubernetes` is not installed.
        """
        with _library():
            from kubernetes.config import kube_config  # noqa: PLC0415 - a second to load
        self._files, self._loading = os.pathsep.join(map(str, files)), kube_config
        self._lock = threading.Lock()
        self._merged: Any = None

    def server(self, context: str) -> ApiServer:
        """Return the server of a context, signed in.

        Raises:
            Unreachable: The context cannot be used, or signing in failed.
        """
        from kubernetes.client import Configuration  # noqa: PLC0415 - as above

        configuration = Configuration()
        with _log_of_this_thread() as log:
            try:
                with self._lock:
                    self._merged = self._merged or self._read()
                self._loading.KubeConfigLoader(
                    config_dict=self._merged, active_context=context, config_base_path=None
                ).load_and_set(configuration)
            except Exception as error:
                said = _said(error)
                raise Unreachable(f"the context {context!r} cannot be used: {said}") from error
        if log:
            raise Unreachable(f"signing in with the context {context!r} failed: {log[0]}")
        return ApiServer(configuration)

    def _read(self) -> Any:  # noqa: ANN401 - a class of the library
        return self._loading.KubeConfigMerger(self._files).config


class ApiServer:
    """One API server."""

    def __init__(self, configuration: Any) -> None:  # noqa: ANN401 - of a library without types
        import urllib3  # noqa: PLC0415 - comes with the package kubernetes
        from kubernetes.client.rest import RESTClientObject  # noqa: PLC0415 - as above

        if not configuration.verify_ssl:  # the kubeconfig says so, and nobody need hear it again
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        self._configuration = configuration
        self._pool = RESTClientObject(configuration).pool_manager

    def get(self, path: str, query: Mapping[str, str], seconds: float) -> Reply:
        """Send one request.

        Raises:
            Unreachable: No whole answer came within that time.
        """
        import urllib3  # noqa: PLC0415 - comes with the package kubernetes

        url = f"{self._configuration.host}{path}{f'?{urlencode(query)}' if query else ''}"
        headers = {"Accept": "application/json", "User-Agent": "kalypso"}
        for setting in self._configuration.auth_settings().values():
            headers[setting["key"]] = setting["value"]
        try:
            answer = self._pool.request(
                "GET",
                url,
                headers=headers,
                timeout=urllib3.Timeout(total=seconds),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            try:
                body = answer.read(_LARGEST + 1)
                if len(body) > _LARGEST:
                    raise Unreachable(f"its answer to {path} is too large")
                if answer.length_remaining:
                    raise Unreachable(f"its answer to {path} ended in the middle")
            finally:
                answer.release_conn()
        except urllib3.exceptions.TimeoutError:
            raise Unreachable(f"no answer to {path} within {int(seconds)} s") from None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Unreachable(_said(error)) from error
        return Reply(
            answer.status, {name.lower(): value for name, value in answer.headers.items()}, body
        )


@contextmanager
def _library() -> Iterator[None]:
    try:
        yield
    except ImportError:
        raise DeliveryError(
            "reading clusters needs a library that is not installed",
            Position("clusters"),
            "pip install 'kalypso-on-pulumi[kubernetes]'",
            code="no-library",
        ) from None


@contextmanager
def _log_of_this_thread() -> Iterator[list[str]]:
    """Collect what the library logs instead of raising it: why a program did not sign in."""
    found: list[str] = []
    here = threading.get_ident()

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == here:
                found.append(harmless_line(record.getMessage(), _SHOWN))

    collector = Collector(logging.ERROR)
    root = logging.getLogger()
    root.addHandler(collector)
    try:
        yield found
    finally:
        root.removeHandler(collector)


def _said(error: Exception) -> str:
    return harmless_line(f"{error}" or type(error).__name__, _SHOWN)
