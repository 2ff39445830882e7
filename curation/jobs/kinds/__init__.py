"""The job kinds, one file each; see ``curation.jobs``."""
