"""The five conditions of an asset, in words."""

from typing import Final

GRADES: Final = {
    "5": "5 as new",
    "4": "4 good",
    "3": "3 used",
    "2": "2 worn",
    "1": "1 scrap",
}
