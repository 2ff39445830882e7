"""Measurements against the bars that Regrain sets itself; one module per name, run by ``make bench NAME=...``."""
