"""English captions as data: normalisation, word diffs, word weights, grammar repair and noun analysis.

Everything here is a pure function of text. Only ``parse`` imports spaCy, inside the function that needs it.
"""
