"""Pool: unlabeled images beside a caption's own one, graded 0 to 3 before they count as distractors."""

from curation.ui.review import review_screen

review_screen("pool")
