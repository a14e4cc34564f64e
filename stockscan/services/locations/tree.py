"""The tree of places: all of it while it is small, else its outermost places."""

from dataclasses import dataclass

from stockscan.domain.access import Permission, require
from stockscan.services.work import Context, reading
from stockscan.store.catalogue import places
from stockscan.store.catalogue.places import Node
from stockscan.store.counts.blindness import blindness

# More places than this are looked through one level at a time.
MOST_AT_ONCE = 300


@dataclass(frozen=True, slots=True)
class Branch:
    """A place of the tree and those right inside it, as far as they are shown."""

    node: Node
    inside: list["Branch"]


@dataclass(frozen=True, slots=True)
class Tree:
    """The outermost places with what is inside; `total` counts all active places.

    `next` is the cursor of the following outermost places, "" at the end. The tree is `whole`
    while every place is in it.
    """

    branches: list[Branch]
    total: int
    whole: bool
    next: str = ""


def tree(ctx: Context, *, after: str = "") -> Tree:
    """The places as a tree; `after` continues the outermost ones of a large company."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        blind = blindness(connection, actor)
        total = places.number_of_places(connection)
        if total <= MOST_AT_ONCE:
            return Tree(_grown(places.whole_tree(connection, blind)), total, whole=True)
        nodes = places.level(connection, None, blind, after=after, limit=MOST_AT_ONCE + 1)
    following = nodes[MOST_AT_ONCE - 1].code if len(nodes) > MOST_AT_ONCE else ""
    branches = [Branch(node, []) for node in nodes[:MOST_AT_ONCE]]
    return Tree(branches, total, whole=False, next=following)


def _grown(nodes: list[Node]) -> list[Branch]:
    """The outermost branches; what stands inside a place that is out of use is outermost too."""
    branches = {node.id: Branch(node, []) for node in nodes}
    outermost: list[Branch] = []
    for branch in branches.values():
        parent = branches.get(branch.node.parent_id or 0)
        (parent.inside if parent else outermost).append(branch)
    return outermost
