"""Which deployment target runs on which cluster type, and with which values."""
