"""The laboratory as a whole: clusters with their reconcilers, and the forge that they read."""

import socket
from collections.abc import Mapping
from pathlib import Path

from tools.lab.api import Api, write_kubeconfig
from tools.lab.programs import HOST, Programs
from tools.lab.reconcilers import install_kinds, start_argocd, start_flux
from tools.lab.servers import start_api, start_controllers, start_servers, wait_for

_FORGE_SECONDS = 60


class Laboratory:
    """Clusters in a folder; start it again and it goes on where it was."""

    def __init__(self, folder: Path) -> None:
        self.programs = Programs(folder)
        self.kubeconfig = folder / "kubeconfig"
        """With a context for each cluster."""
        self.apis: dict[str, Api] = {}
        self._reconcilers: dict[str, str] = {}

    def start(self, reconcilers: Mapping[str, str]) -> None:
        """Start clusters with their reconcilers.

        Args:
            reconcilers: What each cluster runs, by its name: `flux` or `argocd`.

        Raises:
            Stop: Something does not start; the end of its log is in the message.
        """
        self._reconcilers |= reconcilers
        self.apis |= start_servers(self.programs, *reconcilers, nodes=True)
        write_kubeconfig(self.kubeconfig, *self.apis.values())
        for name, reconciler in reconcilers.items():
            install_kinds(self.programs, self.apis[name], reconciler)
            self.start_reconciler(name)

    def start_reconciler(self, cluster: str) -> None:
        """Start what a cluster applies folders with; programs that run already go on."""
        start = start_flux if self._reconcilers[cluster] == "flux" else start_argocd
        start(self.programs, self.apis[cluster])

    def start_controllers(self, cluster: str) -> None:
        """Start what makes a cluster out of an API server; programs that run already go on."""
        start_controllers(self.programs, self.apis[cluster], nodes=True)

    def restart_server(self, cluster: str) -> None:
        """Start a cluster's API server again, and wait until it answers."""
        start_api(self.programs, self.apis[cluster])
        wait_for(self.programs, self.apis[cluster])

    def serve(self, kalypso: Path, forge: Path, port: int, env: Mapping[str, str]) -> None:
        """Serve a local forge over HTTP, as `kalypso forge serve` does.

        Args:
            kalypso: The program.
            forge: Folder of the forge.
            port: Port on this machine.
            env: Environment of the program.
        """
        where = ["--forge", str(forge), "--host", HOST, "--port", str(port)]
        name = f"forge-{port}"
        self.programs.start(name, [kalypso, "forge", "serve", *where], env)
        self.programs.wait(
            lambda: _answers(port), "waiting for the forge", name, seconds=_FORGE_SECONDS
        )

    def end_forge(self, port: int) -> None:
        """End the server of a forge."""
        self.programs.end(f"forge-{port}")

    def end_cluster(self, cluster: str) -> None:
        """End a cluster and its reconciler, and forget it."""
        parts = [name for name in self.programs.states() if name.startswith(f"{cluster}-")]
        self.programs.end(cluster, *parts, hard=True)
        del self.apis[cluster]
        self._reconcilers.pop(cluster, None)

    def end(self) -> None:
        """End everything that was started; what is kept stays in the folder."""
        servers = set(self.apis)
        known = self.programs.states()
        self.programs.end(*(name for name in known if name not in servers))
        self.programs.end(hard=True)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
