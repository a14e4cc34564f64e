"""Pure drawing: label specifications and fields in, PDF, SVG, PNG or ZPL bytes out."""
