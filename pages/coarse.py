"""Coarse captions: which of them could be about many images?"""

from curation.ui.review import review_screen

review_screen("coarse")
