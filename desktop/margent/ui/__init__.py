"""All that is Qt. It imports the rest of margent; nothing outside imports it but the command line, to open a window."""
