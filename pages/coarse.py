"""Coarse captions: which of them could be about many images?"""

from curation.ui.coarse_screen import coarse_screen

coarse_screen()
