"""Health: disk, writing, backup, jobs and log, each with what to do."""

from curation.ui.health_page import health_page

health_page()
