"""Reviewing a count: how it stands, what waits for a decision, and the story of each line."""

from flask import Response

from stockscan.domain.errors import NotFound
from stockscan.services import counts
from stockscan.services.counts import Review, Story
from stockscan.web import htmx
from stockscan.web.counts import drawing, words
from stockscan.web.counts.asking import Asked, asked, usual
from stockscan.web.counts.door import blueprint
from stockscan.web.security import current_context


@blueprint.get("/counts/<count_id>")
def show(count_id: str) -> Response:
    """A count: its figures, its lines by the page, and the story of the first."""
    question = asked(count_id)
    filters, wrong = usual(question)
    review = counts.review(current_context(), count_id, filters, question.after)
    if review.head.things == "assets":
        return htmx.see_other(f"/audits/{count_id}")
    first = review.rows[0].id if review.rows else None
    story = counts.story(current_context(), first) if first and not review.hidden else None
    alone = story if review.totals.records == 1 else None
    return _page(question, review, story, chosen=alone is not None, wrong=wrong)


@blueprint.get("/counts/<count_id>/lines/<int:line_id>")
def line(count_id: str, line_id: int) -> Response:
    """The story of one line, beside the list it was chosen from."""
    question = asked(count_id)
    filters, wrong = usual(question)
    story = counts.story(current_context(), line_id)
    if story.line.count_id != count_id:
        raise NotFound("That line is of another count.")
    review = counts.review(current_context(), count_id, filters, question.after)
    return _page(question, review, story, chosen=True, wrong=wrong)


def _page(
    question: Asked, review: Review, story: Story | None, *, chosen: bool, wrong: str
) -> Response:
    """The page; `chosen` tells that the story was asked for and not only stands beside."""
    charts = [drawing.draw(story, width) for width in (drawing.WIDE, drawing.NARROW)]
    return htmx.render(
        "counts/count.html",
        "main",
        asked=question,
        review=review,
        story=story,
        chosen=chosen,
        wrong=wrong,
        charts=charts,
        words=words,
    )
