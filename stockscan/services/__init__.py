"""One public verb per user intention; the only floor that commits."""
