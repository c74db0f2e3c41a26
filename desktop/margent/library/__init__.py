"""The reader's library on SQLite: the only part of the program that knows SQLAlchemy.

`store.Library` is the door. `glance`, `recovery` and `backup` need the standard sqlite3 alone, so that the first page
and a rescue wait for nothing else; importing this package therefore imports nothing.
"""
