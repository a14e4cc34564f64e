"""Pure rules and values: standard library only, no clock, no randomness, no framework."""
