"""Commands for those who write policies: layout, drift of the document, examples."""
