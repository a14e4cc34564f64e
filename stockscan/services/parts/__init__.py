"""Parts: lists, the page of one, what the books say of it, who supplies it, what stands in."""

from stockscan.services.parts.editing import Editable, create_part, edit_part, editable, part_texts
from stockscan.services.parts.listing import PAGE, PartList, line_json, part_codes, part_list
from stockscan.services.parts.page import MOVES, PartPage, part_json, part_page
from stockscan.services.parts.supplying import (
    remove_substitute,
    remove_supplier_part,
    set_substitute,
    set_supplier_part,
)

__all__ = [
    "MOVES",
    "PAGE",
    "Editable",
    "PartList",
    "PartPage",
    "create_part",
    "edit_part",
    "editable",
    "line_json",
    "part_codes",
    "part_json",
    "part_list",
    "part_page",
    "part_texts",
    "remove_substitute",
    "remove_supplier_part",
    "set_substitute",
    "set_supplier_part",
]
