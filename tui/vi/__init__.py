"""Vi keys, without a terminal: motions over lines, and the modes that say what a key does to a text."""
