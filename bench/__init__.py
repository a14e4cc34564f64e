"""Measurements: speed as ratios and races at full size. Programs, not tests: nothing here fails."""
