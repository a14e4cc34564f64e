"""StockScan: assets and spare parts joined at the moment of the scan."""

__version__ = "0.1.0"
