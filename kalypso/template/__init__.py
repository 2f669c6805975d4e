"""A template engine: Go text/template with Sprig, exactly and fast."""
