"""Commands for policy authors: format rules, run examples, compare editions of the document."""
