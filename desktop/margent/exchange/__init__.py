"""Annotations in and out: the exchange file, whole documents as Markdown, other programs' formats, and merging.

Everything here is values in, values or bytes out: `library` is asked for what stands, and gets a Change.
"""
