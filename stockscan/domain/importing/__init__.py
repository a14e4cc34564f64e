"""What the columns of a foreign file mean: targets, synonyms, known formats, values."""
