"""The app on screen: one module a page under `pages`, and what they share."""
