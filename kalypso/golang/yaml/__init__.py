"""Go's two YAML libraries: yaml.v2 and yaml.v3."""
