"""The Streamlit app: pages in `views`, and the modules they share."""
