"""Enlarging the image pool: rivals for every caption, near-duplicates dropped. Arrays in, indices out."""
