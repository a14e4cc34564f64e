"""What people may have meant by a word that nothing has: the nearest words that something has."""

from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import Connection, func, select

from stockscan.domain.finding import misread, most_slips, plain
from stockscan.store.catalogue.search import known
from stockscan.store.search import SearchWord


def corrected(connection: Connection, words: list[str]) -> list[str]:
    """The words, those that nothing has replaced by the nearest that something has.

    The same words when there is nothing to put right, or no way to.
    """
    return [word if known(connection, word) else _nearest(connection, word) for word in words]


def _nearest(connection: Connection, word: str) -> str:
    if any(sign.isdigit() for sign in word):
        read = misread(word)
        return read if read != word and known(connection, read) else word
    return _nearest_of_letters(connection, word)


def _nearest_of_letters(connection: Connection, word: str) -> str:
    slips = most_slips(word)
    if not slips:
        return word
    length = func.length(SearchWord.word)
    some = select(SearchWord.word).where(length.between(len(word) - slips, len(word) + slips))
    wanted = plain(word)
    near = []
    for candidate in connection.execute(some).scalars():
        away = DamerauLevenshtein.distance(wanted, plain(candidate), score_cutoff=slips)
        if away <= slips:
            # People rarely miss the first letter.
            near.append((away, candidate[:1] != word[:1], candidate))
    # A word stays on the list when the last thing that had it is gone.
    return next((found for *_, found in sorted(near) if known(connection, found)), word)
