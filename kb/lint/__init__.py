"""A document as text to be looked through before any rule exists: its paragraphs, sentences and numbers, and tables of words."""
