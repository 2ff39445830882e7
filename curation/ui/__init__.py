"""Streamlit parts that the pages are made of: frame, cards, charts and the reviewer component."""
