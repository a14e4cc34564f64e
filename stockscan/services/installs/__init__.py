"""Parts in machines: putting them in and taking them out, what belongs in each, what is in it."""

from stockscan.services.installs.donors import DonorPage, donor_page
from stockscan.services.installs.installing import install
from stockscan.services.installs.lists import remove_asset_part, set_asset_part
from stockscan.services.installs.moving import move_part
from stockscan.services.installs.parts_page import AssetParts, OwnList, asset_parts, own_list
from stockscan.services.installs.returning import arrival_of, return_part
from stockscan.services.installs.told import asset_parts_json
from stockscan.services.installs.where_used import PartUse, part_use

__all__ = [
    "AssetParts",
    "DonorPage",
    "OwnList",
    "PartUse",
    "arrival_of",
    "asset_parts",
    "asset_parts_json",
    "donor_page",
    "install",
    "move_part",
    "own_list",
    "part_use",
    "remove_asset_part",
    "return_part",
    "set_asset_part",
]
