"""Rewrites: finer wordings, suggested with evidence, accepted, edited or rejected."""

from curation.ui.suggestions_screen import suggestions_screen

suggestions_screen("rewrites")
