"""Retrieval arithmetic on arrays: blocked top-k, ranks, metrics, hubness measures, bootstrap.

Letters, here and wherever vectors are handled: q queries, g gallery items, m bank size, n pairs,
d dimension, k neighbours. Vectors are rows of unit length, so that a dot product is a cosine.
"""
