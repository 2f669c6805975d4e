"""What a model says and what changed, for people and programs: text, JSON, CSV, Markdown."""
