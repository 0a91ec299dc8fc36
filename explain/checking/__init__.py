"""The checks of a policy as people and programs read them: text, Markdown, JSON and SARIF."""
