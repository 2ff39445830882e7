"""Noisy pairs: captions that do not belong to their image, the most suspicious first."""

from curation.ui.review import review_screen

review_screen("noise")
