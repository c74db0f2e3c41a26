"""What leaves: points chosen from a document, rendered as Markdown. Values in, text out."""
