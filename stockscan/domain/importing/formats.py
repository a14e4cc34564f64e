"""The files that other systems export, recognised by their headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from stockscan.domain.importing.dates import MONTH_FIRST
from stockscan.domain.importing.synonyms import guess_kind, plain, suggest

_CUSTODY: Final = "Who has what is handed out by scan, so that both sides know it."
_FOREIGN: Final = "A number of the other system; StockScan gives its own codes."
_COUNTED: Final = "StockScan works this out by itself."


@dataclass(frozen=True, slots=True)
class Format:
    """One known kind of file: which headers tell it, what they become, what is left out and why.

    `dates` is the order in which that system writes dates, "" where nobody knows.
    """

    name: str
    kind: str
    signs: tuple[str, ...]
    becomes: Mapping[str, str]
    left_out: Mapping[str, str] = field(default_factory=dict)
    dates: str = ""


_SNIPE_ITEM: Final = {
    "name": "name", "category": "category", "supplier": "supplier",
    "manufacturer": "manufacturer", "qty": "quantity", "location": "location",
    "min amount": "reorder_point", "purchase cost": "cost", "notes": "notes",
}  # fmt: skip
_SNIPE_LEFT: Final = {
    "company": "One database is one company.",
    "order number": "Parts are bought many times; orders belong to receipts.",
    "purchase date": "Parts are bought many times; the opening stock is of today.",
}

FORMATS: Final = (
    Format(
        "Snipe-IT assets", "asset", ("asset tag", "checkout type", "model", "model number"),
        {
            "name": "name", "asset tag": "tag", "category": "category", "supplier": "supplier",
            "manufacturer": "model_manufacturer", "location": "location",
            "order number": "order_number", "model": "model", "model number": "model_number",
            "asset notes": "notes", "purchase date": "purchase_date",
            "purchase cost": "purchase_cost", "serial number": "serial", "serial": "serial",
            "status": "status",
        },
        {
            "company": _SNIPE_LEFT["company"],
            "model notes": "Notes of models come with the file of models.",
            "asset eol date": _COUNTED,
            **dict.fromkeys(
                ("checkout type", "checked out to: username", "checked out to: first name",
                 "checked out to: last name", "checked out to: email",
                 "checked out to: location"), _CUSTODY),
        },
        MONTH_FIRST,
    ),
    Format(
        "Snipe-IT consumables", "part",
        ("name", "qty", "min amount", "item number", "company", "model number"),
        {**_SNIPE_ITEM, "item number": "part_number",
         "model number": "manufacturer_part_number"},
        _SNIPE_LEFT, MONTH_FIRST,
    ),
    Format(
        "Snipe-IT accessories", "part",
        ("name", "qty", "min amount", "model number", "company"),
        {**_SNIPE_ITEM, "model number": "manufacturer_part_number"},
        _SNIPE_LEFT, MONTH_FIRST,
    ),
    Format(
        "Snipe-IT components", "part", ("item name", "company", "order number", "quantity"),
        {"item name": "name", "purchase cost": "cost", "location": "location",
         "category": "category", "quantity": "quantity"},
        {**_SNIPE_LEFT, "serial number": "One serial for several pieces tells nothing apart."},
        MONTH_FIRST,
    ),
    Format(
        "Snipe-IT models", "model", ("name", "model number", "fieldset", "eol"),
        {"name": "name", "category": "category", "manufacturer": "manufacturer",
         "model notes": "notes", "model number": "model_number", "eol": "life_months"},
        {"fieldset": "Fields of your own are set up per category.",
         "requestable": "Anyone may look; there are no requests.",
         "min qty": "Assets are tracked one by one."},
    ),
    Format(
        "Snipe-IT locations", "location", ("name", "address", "manager username", "currency"),
        {"name": "name", "parent": "parent"},
        dict.fromkeys(("address", "address2", "city", "state", "country", "zip", "manager",
                       "manager username", "currency", "ou"),
                      "StockScan knows where things are, not the post."),
    ),
    Format(
        "Snipe-IT users", "person", ("first name", "last name", "username", "employee number"),
        {"first name": "first_name", "last name": "last_name", "email": "email",
         "username": "username"},
        {"activated": "Who may sign in is invited after the import.",
         **dict.fromkeys(("location", "address", "city", "state", "country", "postal code",
                          "website", "phone", "job title", "notes", "employee number", "company",
                          "manager", "remote", "vip", "start date", "end date", "gravatar"),
                         "StockScan keeps of people what the work needs.")},
        MONTH_FIRST,
    ),
    Format(
        "InvenTree parts", "part", ("part id", "part name", "ipn", "minimum stock"),
        {"part name": "name", "ipn": "part_number", "part description": "notes",
         "units": "unit", "category name": "category", "minimum stock": "reorder_point",
         "trackable": "tracking", "minimum cost": "cost"},
        {"in stock": "Its bins come with InvenTree's file of stock items.",
         **dict.fromkeys(("part id", "category id", "default location id", "default supplier id",
                          "variant of"), _FOREIGN),
         **dict.fromkeys(("on order", "used in", "allocated", "building", "suppliers"),
                         _COUNTED)},
    ),
    Format(
        "InvenTree stock items", "stock",
        ("stock item id", "part name", "quantity", "location name"),
        {"part name": "part", "quantity": "quantity", "serial": "serial", "batch": "lot",
         "location name": "location", "expiry date": "expires_on"},
        dict.fromkeys(("stock item id", "part id", "location id", "supplier part id",
                       "supplier id", "customer id", "build id", "parent id",
                       "sales order id", "purchase order id"), _FOREIGN),
    ),
    Format(
        "InvenTree stock (API)", "stock",
        ("pk", "part detail.name", "quantity", "location detail.pathstring"),
        {"part detail.ipn": "part", "location detail.pathstring": "location",
         "quantity": "quantity", "serial": "serial", "batch": "lot",
         "expiry date": "expires_on", "purchase price": "unit_cost"},
        dict.fromkeys(("pk", "part", "location", "supplier part"), _FOREIGN),
    ),
    Format(
        "InvenTree locations", "location", ("location id", "location name", "location path"),
        {"location path": "name", "description": "notes"},
        {"location name": "The path says it.", "parent name": "The path says it.",
         "location id": _FOREIGN, "parent id": _FOREIGN, "stock items": _COUNTED},
    ),
    Format(
        "InvenTree parts list", "bom", ("bom level", "part ipn", "quantity", "parent name"),
        {"parent name": "model", "part ipn": "part", "quantity": "quantity",
         "reference": "place"},
        {"bom level": "Parts lists have one level.", "note": "Notes stand on the part.",
         **dict.fromkeys(("bom item id", "parent id", "part id", "parent ipn"), _FOREIGN),
         **dict.fromkeys(("part name", "description", "minimum price", "maximum price",
                          "assembly"), "The part itself says it.")},
    ),
    Format(
        "Odoo products", "part", ("external id", "name", "internal reference", "product type"),
        {"name": "name", "internal reference": "part_number", "cost": "cost",
         "barcode": "barcode", "quantity on hand": "quantity", "tracking": "tracking",
         "product category": "category", "unit of measure": "unit"},
        {"external id": _FOREIGN, "category/external id": _FOREIGN,
         "sale price": "StockScan does not sell."},
    ),
    Format(
        "ERPNext stock reconciliation", "stock", ("item code", "warehouse", "valuation rate"),
        {"item code": "part", "warehouse": "location", "quantity": "quantity",
         "valuation rate": "unit_cost", "serial no": "serial", "batch no": "lot"},
    ),
    Format(
        "Part-DB parts", "part", ("name", "footprint", "ipn", "minamount"),
        {"name": "name", "ipn": "part_number", "category": "category", "notes": "notes",
         "quantity": "quantity", "instock": "quantity", "amount": "quantity",
         "storage location": "location", "storelocation": "location",
         "mpn": "manufacturer_part_number", "manufacturer": "manufacturer",
         "supplier": "supplier", "spn": "supplier_part_number", "price": "cost",
         "minamount": "reorder_point", "partunit": "unit"},
        {"footprint": "Write it into the name or the category.",
         "description": "The notes hold it where there are none."},
    ),
    Format(
        "Atlas CMMS parts", "part", ("id", "name", "non stock", "minimum quantity"),
        {"name": "name", "cost": "cost", "category": "category", "barcode": "barcode",
         "quantity": "quantity", "area": "location", "minimum quantity": "reorder_point",
         "vendors": "supplier", "additional information": "notes"},
        {"id": _FOREIGN, "non stock": "Untick “Stocked” on the part.",
         "description": "The notes hold the additional information."},
    ),
    Format(
        "Atlas CMMS assets", "asset", ("id", "name", "location name", "parent asset", "archived"),
        {"name": "name", "status": "status", "location name": "location", "barcode": "alias",
         "category": "category", "warranty expiration date": "warranty_until",
         "serial number": "serial", "acquisition cost": "purchase_cost", "description": "notes"},
        {"id": _FOREIGN, "primary user": _CUSTODY, "assigned to": _CUSTODY,
         "parent asset": "What is on another asset is checked out to it.",
         "archived": "The status says it."},
    ),
    Format(
        "Atlas CMMS locations", "location", ("id", "name", "address", "parent location"),
        {"name": "name", "parent location": "parent"},
        {"id": _FOREIGN, "address": "StockScan knows where things are, not the post."},
    ),
    Format(
        "Eptura Asset inventory", "part",
        ("part #", "description", "bin location", "beginning quantity"),
        {"part #": "part_number", "description": "name", "part type": "category",
         "unit of measure": "unit", "barcode #": "barcode", "bin location": "location",
         "vendor part #": "supplier_part_number", "each cost": "cost",
         "beginning quantity": "quantity", "level min": "reorder_point", "note": "notes"},
        {"vendor id": _FOREIGN, "status": "Parts that are kept are active.",
         "level norm": "Reordering needs the least and how many.",
         "level max": "Reordering needs the least and how many.",
         "tracked": "It does not say by what; set lots or serials on the part."},
        MONTH_FIRST,
    ),
)  # fmt: skip

PLAIN: Final = "Your own sheet"
NO_FIELD: Final = "StockScan has no field for it."


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file seems to be: its format's name, the kind, and a field (or "") per column.

    `left_out` is why a column is left out, by its header.
    """

    name: str
    kind: str
    mapping: tuple[str, ...]
    left_out: Mapping[str, str]
    dates: str


def recognise(headers: Sequence[str], kind: str = "") -> Recognised:
    """The known format with most of its signs in these headers, else a plain sheet.

    A `kind` that a person chose goes before what the headers say.
    """
    columns = [plain(header) for header in headers]
    fits = [
        known for known in FORMATS
        if set(known.signs) <= set(columns) and kind in ("", known.kind)
    ]  # fmt: skip
    if fits:
        return _as_known(max(fits, key=lambda known: len(known.signs)), headers, columns)
    kind = kind or guess_kind(headers)
    mapping = suggest(kind, headers) if kind else [""] * len(headers)
    left = {header: NO_FIELD for header, to in zip(headers, mapping, strict=True) if not to}
    return Recognised(PLAIN, kind, tuple(mapping), left, "")


def _as_known(known: Format, headers: Sequence[str], columns: list[str]) -> Recognised:
    mapping: list[str] = []
    for column in columns:
        becomes = known.becomes.get(column, "")
        mapping.append("" if becomes in mapping else becomes)
    left = {
        header: known.left_out.get(column, NO_FIELD)
        for header, column, to in zip(headers, columns, mapping, strict=True)
        if not to
    }
    return Recognised(known.name, known.kind, tuple(mapping), left, known.dates)


def all_known_headers() -> frozenset[str]:
    """Every header of every known format."""
    return frozenset(
        header for known in FORMATS for header in (*known.signs, *known.becomes, *known.left_out)
    )
