"""A browser with a trust store of its own, as a person fills it under "Manage certificates".

Chromium keeps those in its profile, on every system alike; no flag hides a certificate error here.
"""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

TABLES = """
CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
INSERT INTO meta VALUES ('version', '1'), ('last_compatible_version', '1');
CREATE TABLE certificates(
  sha256hash_hex TEXT PRIMARY KEY, der_cert BLOB NOT NULL, trust_settings BLOB NOT NULL);
"""
# The message CertificateMetadata { trust { trust_type: TRUSTED } }.
TRUSTED = bytes([0x0A, 0x02, 0x08, 0x03])


def trust(profile: Path, root_der: bytes) -> None:
    """Let the browser of a fresh profile trust this root, before its first start."""
    folder = profile / "Default"
    folder.mkdir(parents=True)
    row = (hashlib.sha256(root_der).hexdigest(), root_der, TRUSTED)
    with closing(sqlite3.connect(folder / "ServerCertificate")) as store, store:
        store.executescript(TABLES)
        store.execute("INSERT INTO certificates VALUES (?, ?, ?)", row)
