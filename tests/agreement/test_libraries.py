"""Our figures against other people's code, at 1e-9."""

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import fleiss_kappa

from curation.agreement import MISSING, Ratings, Resampling, measures, overall, pairs
from tests.agreement.test_published import of_counts

QUICK = Resampling(samples=20)

# What irrCAC 0.4.4 (Gwet's package, ported to Python) says of `answers(...)` with these arguments: it needs a numpy
# of its own time, so its figures are kept here. The last three are weighted by quadratic_weights.
IRRCAC = [
    ((0, 40, 3, 4, 0.0), 0.475, 0.303482587064677, 0.289340101522843, 0.295262267343486, 0.371190247032403),
    ((1, 60, 5, 3, 0.3), 0.661111111111111, 0.492104080270683, 0.490789575284651, 0.459313469245513, 0.387941817101365),
    ((2, 30, 2, 5, 0.2), 0.5, 0.37532535137949, 0.373695198329854, 0.350515463917526, 0.530710835058661),
    ((3, 80, 6, 4, 0.5), 0.582629107981221, 0.444369020455669, 0.440898667344789, 0.450363483852929, 0.407371927239272),
    (
        (4, 200, 3, 2, 0.1),
        0.654639175257731,
        0.316810514592085,
        0.301578250729758,
        0.317248850759814,
        0.316810514592085,
    ),
]


def answers(seed, n, m, q, missing):
    """Return made answers (n, m) that agree better than chance, ``MISSING`` in a share of places."""
    rng = np.random.default_rng(seed)
    truth, noise = rng.integers(q, size=(n, 1)), rng.integers(q, size=(n, m))
    codes = np.where(rng.random((n, m)) < 0.6, truth, noise)
    codes[rng.random((n, m)) < missing] = MISSING
    return codes[(codes >= 0).any(axis=1)]


def ratings_of(codes, q, ordinal=False):
    people = tuple(f"person {n}" for n in range(codes.shape[1]))
    names = tuple(map(str, range(q)))
    return Ratings(codes, names, people, np.arange(len(codes)), np.full_like(codes, MISSING), (), ordinal)


@pytest.mark.parametrize(("made", "percent", "ac1", "fleiss", "alpha", "ac2"), IRRCAC)
def test_every_measure_equals_irrcac(made, percent, ac1, fleiss, alpha, ac2):
    counts = ratings_of(answers(*made), made[3]).counts
    found = of_counts(counts)
    assert found == pytest.approx({"percent": percent, "fleiss": fleiss, "alpha": alpha, "ac1": ac1}, abs=1e-9)
    assert of_counts(counts, ordinal=True)["ac2"] == pytest.approx(ac2, abs=1e-9)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_alpha_equals_the_library_krippendorff(seed, level):
    rng = np.random.default_rng(seed)
    q, m = int(rng.integers(2, 7)), int(rng.integers(2, 7))
    codes = answers(seed, int(rng.integers(5, 80)), m, q, float(rng.choice([0.0, 0.2, 0.6])))
    theirs = krippendorff.alpha(
        np.where(codes == MISSING, np.nan, codes).T, level_of_measurement=level, value_domain=list(range(q))
    )
    ours = overall(ratings_of(codes, q, ordinal=level == "ordinal"), QUICK).alpha.value
    assert ours == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_fleiss_equals_statsmodels(seed):
    q = 2 + seed % 4
    ratings = ratings_of(answers(seed, 50, 2 + seed % 5, q, 0.0), q)
    assert overall(ratings, QUICK).fleiss.value == pytest.approx(fleiss_kappa(ratings.counts), abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_cohen_equals_scikit_learn_and_ac1_equals_pycm(seed):
    from pycm import ConfusionMatrix

    q = 2 + seed % 4
    codes = answers(seed, 60, 3, q, 0.2)
    ratings = ratings_of(codes, q)
    found = pairs(ratings, QUICK)
    kappas = []
    for one, other in ((0, 1), (0, 2), (1, 2)):
        both = (codes[:, one] >= 0) & (codes[:, other] >= 0)
        first, second = codes[both, one], codes[both, other]
        scores = found[(f"person {one}", f"person {other}")]
        kappas.append(cohen_kappa_score(first, second))
        assert scores.kappa.value == pytest.approx(kappas[-1], abs=1e-9)
        assert scores.percent.value == pytest.approx((first == second).mean(), abs=1e-9)
        assert set(first) | set(second) == set(range(q))  # pycm counts the answers that it sees
        theirs = ConfusionMatrix(first.tolist(), second.tolist(), digit=15).AC1
        assert scores.ac1.value == pytest.approx(theirs, abs=1e-9)
    assert overall(ratings, QUICK).cohen.value == pytest.approx(np.mean(kappas), abs=1e-9)


def test_two_person_measures_equal_those_for_many():
    """For two people without missing answers the table and the sums over items say the same."""
    codes = answers(5, 100, 2, 4, 0.0)
    found = overall(ratings_of(codes, 4), QUICK)
    table = np.zeros((1, 4, 4))
    np.add.at(table[0], (codes[:, 0], codes[:, 1]), 1)
    assert measures.two_percent(table)[0] == pytest.approx(found.percent.value, abs=1e-12)
    assert measures.two_ac1(table)[0] == pytest.approx(found.ac1.value, abs=1e-12)
    assert measures.cohen(table)[0] == pytest.approx(found.cohen.value, abs=1e-12)
