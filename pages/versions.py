"""Versions: freeze, compare, release."""

from curation.ui.versions_page import versions_page

versions_page()
