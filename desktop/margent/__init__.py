"""Margent: read policy briefs offline, annotate them, hand them on. The version stands here and nowhere else."""

__version__ = "0.1.0"
