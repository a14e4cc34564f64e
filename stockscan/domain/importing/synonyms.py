"""How other systems and plain sheets call our fields; any case, blanks and underscores alike."""

import re
from collections.abc import Sequence
from typing import Final

_NAME: Final = ("name", "item name", "title")
_QUANTITY: Final = (
    "quantity", "qty", "on hand", "on hand quantity", "quantity on hand", "in stock", "stock",
    "instock", "amount", "beginning quantity", "physical qoh", "counted quantity", "qoh", "count",
)  # fmt: skip
_PART_NUMBER: Final = (
    "part number", "part #", "part no", "part no.", "sku", "product code", "item code",
    "internal reference", "ipn", "item number", "item #", "item no", "item no.", "number",
    "article number", "material", "product number",
)  # fmt: skip
_BIN: Final = (
    "location", "bin", "bin location", "location name", "storage location", "storelocation",
    "shelf", "area", "position", "warehouse", "location path", "default location",
)  # fmt: skip
_COST: Final = (
    "cost", "unit cost", "each cost", "purchase cost", "price", "purchase price",
    "valuation rate", "buying price", "unit price",
)  # fmt: skip
_MINIMUM: Final = (
    "reorder point", "reorder at", "min", "minimum", "min amount", "min qty", "min quantity",
    "minimum amount", "minimum quantity", "minamount", "minimum stock", "level min",
    "reorder stock level", "reorder level", "min stock",
)  # fmt: skip
_SERIAL: Final = (
    "serial", "serial number", "serial no", "serial no.", "serial #", "s/n", "sn", "product key",
)  # fmt: skip
_LOT: Final = (
    "lot",
    "lot number",
    "lot no",
    "batch",
    "batch number",
    "batch no",
    "lot/serial number",
)
_EXPIRY: Final = ("expires on", "expiry date", "expiration date", "expiry", "best before")
_MAKER: Final = ("manufacturer", "maker", "brand", "make", "model manufacturer")
_MODEL_NUMBER: Final = ("model number", "model no", "model no.", "model num", "model #")
_BARCODE: Final = ("barcode", "barcode #", "barcode on it", "upc", "gtin", "ean", "ean13")
_NOTES: Final = ("notes", "note", "comment", "comments", "remarks", "additional information")
_SUPPLIER: Final = ("supplier", "vendor", "supplier name", "vendor name", "bought from", "vendors")
_PART: Final = ("part", "part name", "product", "product name", "component")
_REPLACEMENT: Final = (
    "replacement cost",
    "replacement value",
    "cost of a new one",
    "a new one costs",
)
_DOWN_HOUR: Final = ("down hour cost", "downtime cost per hour", "an hour down costs")
_LIFE: Final = ("life in months", "life months", "life (months)", "eol", "eol months",
                "useful life months")  # fmt: skip

SYNONYMS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "asset": {
        "tag": ("tag", "asset tag", "asset id", "asset number", "asset no", "inventory number"),
        "name": (*_NAME, "asset name", "asset", "description"),
        "serial": _SERIAL,
        "model": ("model", "model name", "asset model"),
        "model_manufacturer": _MAKER,
        "model_number": _MODEL_NUMBER,
        "category": ("category", "asset type", "type", "class", "category name"),
        "location": (*_BIN, "site", "room", "building"),
        "status": ("status", "state", "asset status"),
        "condition": ("condition", "grade"),
        "purchase_date": ("purchase date", "bought on", "date purchased", "purchased",
                          "acquisition date", "in service date"),
        "purchase_cost": (*_COST, "acquisition cost", "original cost", "value"),
        "supplier": _SUPPLIER,
        "order_number": ("order number", "order no", "po number", "purchase order", "order"),
        "warranty_until": ("warranty until", "warranty expiration date", "warranty expires",
                           "warranty end", "warranty expiry"),
        "salvage": ("salvage", "salvage value", "residual value", "worth at the end"),
        "life_months": _LIFE,
        "replacement_cost": _REPLACEMENT,
        "down_hour_cost": _DOWN_HOUR,
        "alias": _BARCODE,
        "notes": (*_NOTES, "asset notes"),
    },
    "model": {
        "name": (*_NAME, "model", "model name"),
        "manufacturer": _MAKER,
        "model_number": _MODEL_NUMBER,
        "category": ("category", "type"),
        "life_months": _LIFE,
        "replacement_cost": _REPLACEMENT,
        "down_hour_cost": _DOWN_HOUR,
        "notes": (*_NOTES, "model notes", "description"),
    },
    "part": {
        "part_number": _PART_NUMBER,
        "name": (*_NAME, *_PART, "consumable name", "accessory name", "description"),
        "unit": ("unit", "units", "uom", "unit of measure", "partunit", "measurement unit"),
        "category": ("category", "category name", "part type", "part category name", "group"),
        "quantity": _QUANTITY,
        "location": _BIN,
        "cost": _COST,
        "supplier": _SUPPLIER,
        "supplier_part_number": ("supplier part number", "vendor part #", "vendor part number",
                                 "spn", "supplier product number", "supplier's part number"),
        "manufacturer": (*_MAKER, "part manufacturer name"),
        "manufacturer_part_number": ("mpn", "manufacturer part number", "maker's part number",
                                     *_MODEL_NUMBER),
        "pack": ("pack", "pack size", "package quantity"),
        "lead_time_days": ("lead time", "lead time days", "lead time in days", "days to deliver"),
        "reorder_point": _MINIMUM,
        "reorder_quantity": ("reorder quantity", "order quantity", "reorder how many"),
        "safety_stock": ("safety stock", "buffer stock"),
        "service_level": ("service level", "service level percent"),
        "abc_class": ("abc", "abc class"),
        "stocked": ("stocked", "stock item"),
        "tracking": ("tracking", "tracked by", "trackable"),
        "barcode": _BARCODE,
        "notes": (*_NOTES, "part notes", "part description"),
    },
    "stock": {
        "part": (*_PART_NUMBER, *_PART, "item"),
        "location": _BIN,
        "quantity": _QUANTITY,
        "unit_cost": _COST,
        "lot": _LOT,
        "serial": _SERIAL,
        "expires_on": _EXPIRY,
    },
    "location": {
        "name": ("location path", "path", "location", "location name", *_NAME),
        "parent": ("parent", "parent location", "parent name", "inside", "parent path"),
        "kind_of_place": ("kind", "kind of place", "type", "location type",
                          "site, area or bin"),
        "notes": (*_NOTES, "description"),
        "count_interval_days": ("count interval", "count interval days", "count every days"),
    },
    "person": {
        "name": (*_NAME, "full name", "person", "display name"),
        "first_name": ("first name", "given name", "firstname"),
        "last_name": ("last name", "surname", "family name", "lastname"),
        "email": ("email", "e-mail", "mail", "email address", "e-mail address"),
        "username": ("username", "user name", "login", "sign-in name"),
        "role": ("role", "user role"),
    },
    "bom": {
        "model": ("model", "parent name", "parent", "assembly name", "model name", "machine"),
        "part": ("part ipn", *_PART_NUMBER, *_PART),
        "quantity": ("quantity", "qty", "amount"),
        "place": ("place", "where in it", "reference", "designator"),
        "life_months": ("lasts months", *_LIFE),
        "meter": ("meter", "lasts by which meter"),
        "meter_life": ("meter life", "lasts by that meter"),
        "critical": ("critical",),
    },
}  # fmt: skip

# What a plain sheet must have to be taken for a kind; the first that fits. The fields, one of
# those between | being enough.
_SIGNS: Final = (
    ("asset", ("tag",)),
    ("bom", ("model", "part", "quantity")),
    ("person", ("email|username|first_name",)),
    ("part", ("part_number", "name|reorder_point|supplier|barcode|manufacturer")),
    ("stock", ("part", "location", "quantity")),
    ("location", ("name", "parent|kind_of_place")),
    ("asset", ("name", "serial|purchase_date|warranty_until")),
    ("model", ("name", "manufacturer|model_number", "life_months|category")),
    ("part", ("name", "quantity|reorder_point|cost")),
)


def plain(header: str) -> str:
    """A header in its one spelling: no BOM, lower case, single blanks, no marks at its end."""
    text = header.replace("\ufeff", "").replace("_", " ").strip().lower()
    return re.sub(r"\s+", " ", text).rstrip(" :*")


def suggest(kind: str, headers: Sequence[str]) -> list[str]:
    """The field of ours for each column, "" for none; a field is filled by one column alone.

    Where several would do, the synonym that stands first wins.
    """
    columns = [plain(header) for header in headers]
    found = [""] * len(columns)
    for field, names in SYNONYMS[kind].items():
        at = next((columns.index(name) for name in _own_first(field, names) if name in columns
                   and not found[columns.index(name)]), None)  # fmt: skip
        if at is not None:
            found[at] = field
    return found


def guess_kind(headers: Sequence[str]) -> str:
    """What a plain sheet is about, by its headers; "" where that is not clear."""
    for kind, signs in _SIGNS:
        fields = set(suggest(kind, headers))
        if all(fields & set(sign.split("|")) for sign in signs):
            return kind
    return ""


def known_words() -> frozenset[str]:
    """Every header that we know, to tell the line of headers from what stands above it."""
    return frozenset(
        name for fields in SYNONYMS.values() for field, names in fields.items()
        for name in _own_first(field, names)
    )  # fmt: skip


def _own_first(field: str, names: Sequence[str]) -> tuple[str, ...]:
    return (field.replace("_", " "), *names)
