"""Attributes: colours, sizes, patterns and materials put before single nouns."""

from curation.ui.suggestions_screen import suggestions_screen

suggestions_screen("attributes")
