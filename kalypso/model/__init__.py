"""The platform model: names, selectors, the kinds of objects, and what rooms pass on."""
