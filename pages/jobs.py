"""Jobs: progress, rate, time left, cancel, retry, and the items that were skipped."""

from curation.ui.jobs_page import jobs_page

jobs_page()
