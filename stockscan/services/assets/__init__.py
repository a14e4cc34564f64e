"""Assets: lists, the page of one, bringing new ones into the books, and changing them."""

from stockscan.services.assets.changing import (
    Editable,
    asset_texts,
    create_asset,
    edit_asset,
    editable,
)
from stockscan.services.assets.listing import AssetList, asset_codes, asset_list
from stockscan.services.assets.page import (
    AssetPage,
    asset_json,
    asset_page,
    asset_row,
    line_json,
)
from stockscan.services.assets.timeline import History, asset_history
from stockscan.services.assets.worth import Worth, asset_worth, book_value_e4

__all__ = [
    "AssetList",
    "AssetPage",
    "Editable",
    "History",
    "Worth",
    "asset_codes",
    "asset_history",
    "asset_json",
    "asset_list",
    "asset_page",
    "asset_row",
    "asset_texts",
    "asset_worth",
    "book_value_e4",
    "create_asset",
    "edit_asset",
    "editable",
    "line_json",
]
