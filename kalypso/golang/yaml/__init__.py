"""Go's two YAML packages: ``v2`` reads what a ConfigMap holds, ``v3`` writes manifests.

The doors are ``v2``, ``v3`` and ``resolve``, which both packages share; ``v2`` alone loads PyYAML.
"""
