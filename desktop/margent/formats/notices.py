"""Notices that something is offered for: they are looked for among a document's, without its parser being loaded."""

ARTICLE_ONLY = (
    "The article was taken out of the page; what stood around it was left out. Import it as a whole page to have all."
)
"""Reading the same file with `whole` would give more."""
