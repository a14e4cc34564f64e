"""Places: lists, the tree, the page of one, and setting up, changing and moving them."""

from stockscan.services.locations.editing import (
    Editable,
    create_location,
    edit_location,
    editable,
    location_texts,
)
from stockscan.services.locations.listing import (
    KINDS,
    PAGE,
    LocationList,
    line_json,
    location_codes,
    location_list,
)
from stockscan.services.locations.making import Made, Plan, create_bins, made_bins, plan_bins
from stockscan.services.locations.page import (
    LocationPage,
    location_json,
    location_page,
)
from stockscan.services.locations.tree import Branch, Tree, tree

__all__ = [
    "KINDS",
    "PAGE",
    "Branch",
    "Editable",
    "LocationList",
    "LocationPage",
    "Made",
    "Plan",
    "Tree",
    "create_bins",
    "create_location",
    "edit_location",
    "editable",
    "line_json",
    "location_codes",
    "location_json",
    "location_list",
    "location_page",
    "location_texts",
    "made_bins",
    "plan_bins",
    "tree",
]
