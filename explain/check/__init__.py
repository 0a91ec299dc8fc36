"""Reports of policy checks: text, Markdown, JSON and SARIF."""
