"""Our figures against worked examples in print."""

import numpy as np
import pytest

from curation.agreement import MISSING, Ratings, Resampling, collect, measures, overall, pairs
from curation.agreement.comparing import _measures

QUICK = Resampling(samples=50)


def ratings_of(table, categories, ordinal=False):
    """Return ratings of rows of answers, one row per item; None is missing."""
    codes = np.array([[MISSING if one is None else categories.index(one) for one in row] for row in table])
    people = tuple(f"person {n}" for n in range(codes.shape[1]))
    return Ratings(
        codes, tuple(map(str, categories)), people, np.arange(len(codes)), np.full_like(codes, MISSING), (), ordinal
    )


def of_counts(counts, ordinal=False):
    """Return every measure of a table of counts (n, q)."""
    sums = measures.per_item(np.array(counts)).sum(axis=0)[None]
    return {name: measure(sums)[0] for name, measure in _measures(len(counts[0]), ordinal=ordinal).items()}


def of_square(table):
    """Return two people's answers as their square table of counts says."""
    rows = [(a, b) for a, row in enumerate(table) for b, number in enumerate(row) for _ in range(number)]
    return ratings_of(rows, list(range(len(table))))


# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C and D: four observers, twelve units.
_ = None
KRIPPENDORFF = [
    (1, 1, _, 1), (2, 2, 3, 2), (3, 3, 3, 3), (3, 3, 3, 3), (2, 2, 2, 2), (1, 2, 3, 4),
    (4, 4, 4, 4), (1, 1, 2, 1), (2, 2, 2, 2), (_, 5, 5, 5), (_, _, 1, 1), (_, _, 3, _),
]  # fmt: skip


@pytest.mark.parametrize(("ordinal", "alpha"), [(False, 0.743), (True, 0.815)])
def test_krippendorff_2011(ordinal, alpha):
    found = overall(ratings_of(KRIPPENDORFF, [1, 2, 3, 4, 5], ordinal), QUICK)
    assert found.alpha.value == pytest.approx(alpha, abs=0.0005)
    assert (found.items, found.answers) == (11, 40)  # the unit with one answer says nothing


def test_krippendorff_2011_two_observers():
    """Section A: two observers, binary data, alpha 0.095; section B: nominal data of two observers, alpha 0.692."""
    binary = zip((0, 1, 0, 0, 0, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 1, 0, 0, 0, 0), strict=True)
    assert overall(ratings_of(binary, [0, 1]), QUICK).alpha.value == pytest.approx(0.095, abs=0.0005)
    letters = list(zip("aabbdcccedda", "babbbccceddd", strict=True))
    found = overall(ratings_of(letters, list("abcde")), QUICK)
    assert found.alpha.value == pytest.approx(0.692, abs=0.0005)


def test_gwets_own_figures_for_missing_answers():
    """The same data in the documentation of Gwet's package irrCAC, where the lone answer counts for the shares."""
    found = of_counts(ratings_of(KRIPPENDORFF, [1, 2, 3, 4, 5]).counts)
    printed = {"percent": 0.8181818, "ac1": 0.77544, "fleiss": 0.76117, "alpha": 0.74342}
    assert found == pytest.approx(printed, abs=5e-6)


def test_gwets_own_figures_for_two_people():
    """100 patients, two abstractors (Gwet, documentation of irrCAC, `cont3x3abstractors`)."""
    found = overall(of_square([[13, 0, 0], [0, 20, 7], [0, 4, 56]]), QUICK)
    printed = {"percent": 0.89, "cohen": 0.7964094, "fleiss": 0.7962397, "alpha": 0.7972585, "ac1": 0.8493305}
    assert {name: getattr(found, name).value for name in printed} == pytest.approx(printed, abs=5e-8)


def test_gwet_2008_high_agreement_low_kappa():
    """125 subjects, nearly all positive: kappa is negative where people agree on 94 %, AC1 is not."""
    found = overall(of_square([[118, 5], [2, 0]]), QUICK)
    assert found.percent.value == pytest.approx(118 / 125)
    assert found.cohen.value == pytest.approx(-0.0234, abs=5e-5)
    assert found.fleiss.value == pytest.approx(-0.0288, abs=5e-5)  # Scott's pi, for two people
    assert found.ac1.value == pytest.approx(0.9408, abs=5e-5)


# Six psychiatrists, depression / personality disorder / schizophrenia / neurosis / other (Fleiss, 1971, table 1).
FLEISS = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""


def test_fleiss_1971():
    counts = [[int(one) for one in row] for row in FLEISS.split()]
    found = of_counts(counts)
    assert len(counts) == 30
    assert found["fleiss"] == pytest.approx(0.430, abs=0.0005)
    assert found["percent"] == pytest.approx(0.5556, abs=0.0005)  # P of the mean over subjects


def test_gwets_own_figures_for_six_people():
    """The first fifteen of those patients (Gwet, documentation of irrCAC, `distrib.6raters`)."""
    found = of_counts([[int(one) for one in row] for row in FLEISS.split()[:15]])
    printed = {"percent": 0.5511111, "ac1": 0.4448007, "fleiss": 0.4139265, "alpha": 0.4204384}
    assert found == pytest.approx(printed, abs=5e-8)


def test_cohen_1960():
    """200 patients, two judges (table 2): kappa 0.492, from 70 % agreement where chance gives 41 %."""
    ratings = of_square([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    found = overall(ratings, QUICK)
    assert found.percent.value == pytest.approx(0.70)
    assert found.cohen.value == pytest.approx(0.492, abs=0.0005)
    assert pairs(ratings, QUICK)[("person 0", "person 1")].kappa.value == found.cohen.value


def test_rows_in_words_are_the_same_as_the_table():
    table = ratings_of(KRIPPENDORFF, [1, 2, 3, 4, 5])
    rows = [
        (unit, f"image {unit}", f"person {observer}", str(value))
        for unit, answers in enumerate(KRIPPENDORFF)
        for observer, value in enumerate(answers)
        if value is not None
    ]
    made = collect(rows, table.categories)
    assert made.codes.tolist() == table.codes.tolist()
    assert made.people == table.people
