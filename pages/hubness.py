"""Hubness: images that turn up for too many captions, and what a mitigation changes."""

from curation.ui.hubness_page import hubness_page

hubness_page()
