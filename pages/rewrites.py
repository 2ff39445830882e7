"""Rewrites: finer wordings, suggested with evidence, accepted, edited or rejected."""

from curation.ui.review import review_screen

review_screen("rewrites")
