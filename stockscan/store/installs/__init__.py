"""Parts in machines: what belongs in each, and what is in it by the ledger."""
