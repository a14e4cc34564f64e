"""Importing files: read, mapped to our fields, checked row by row, then applied in chunks."""
