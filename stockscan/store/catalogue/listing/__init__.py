"""The queries behind lists: filters, sorting both ways, pages by keyset, capped counts."""
