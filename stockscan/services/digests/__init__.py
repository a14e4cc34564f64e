"""Digests: what is low, late, short, due or ending, on a page and by e-mail."""

from stockscan.services.digests.choosing import Digests, choose, digest, digests
from stockscan.services.digests.sending import send_letters

__all__ = ["Digests", "choose", "digest", "digests", "send_letters"]
