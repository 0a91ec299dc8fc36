"""Reports of a look through a document: text, Markdown, JSON."""
