"""Go's package fmt."""
