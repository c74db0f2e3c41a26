"""Schema versions, oldest first. Run by `schema.upgrade`, never by hand; the way back is the backup made before."""
