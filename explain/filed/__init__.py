"""The decision record: its content, and one module for each file format."""
