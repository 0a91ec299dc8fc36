"""Documents as lists of blocks, and a writer for each form: text, Markdown, HTML and Word.

What a document says is built once, as blocks. Only the writers know how a form is laid out and escaped.
"""
