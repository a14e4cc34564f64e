"""Rows and queries. This floor flushes and never commits."""
