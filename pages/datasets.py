"""Datasets: import, the encoder, which splits are reviewed, and the preparation of everything."""

from curation.ui.datasets_page import datasets_page

datasets_page()
