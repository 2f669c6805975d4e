"""A laboratory: real clusters on this machine, without containers, for people and for tests.

API servers on one etcd, nodes that kwok plays, the controllers of Flux and Argo CD, and the local
forge over HTTP. Everything listens on this machine only. One folder holds what is kept: data, logs,
ports, and which programs run.
"""
