"""The app on screen: one module a page under `views`, and what they share."""
