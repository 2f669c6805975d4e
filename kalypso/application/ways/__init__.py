"""The ways in which manifests are made: a Helm chart, a kustomization, plain YAML."""

from __future__ import annotations

from kalypso.application.ways.choice import Rendered, render_target

__all__ = ["Rendered", "render_target"]
