"""Regrain: make image-text retrieval benchmarks fine-grained, with provenance for every caption."""

__version__ = "0.1.0"
