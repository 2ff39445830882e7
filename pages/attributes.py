"""Attributes: colours, sizes, patterns and materials put before single nouns."""

from curation.ui.review import review_screen

review_screen("attributes")
