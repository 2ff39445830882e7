"""Team: progress, agreement between people, the effect of showing scores."""

from curation.ui.team_page import team_page

team_page()
