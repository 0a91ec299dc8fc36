"""The report for a policy's author: two pages of Word, HTML or Markdown."""
