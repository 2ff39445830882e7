"""Finding coarse captions: the shipped prior, the fitted score, the demo by its truth, text analysis, text defects."""

from __future__ import annotations

from tests.benchmarks import _coarse_analysis, _coarse_defects, _coarse_demo, _coarse_flickr
from tests.benchmarks.bars import Bar, Measure

FLICKR = (
    Measure((Bar("renovated_prior_auc", "AUC", ">=", 0.64),), _coarse_flickr.prior_auc),
    Measure(
        (
            Bar("renovated_500_verdicts_auc", "AUC, mean of 20 draws", ">=", 0.66),
            Bar("renovated_500_verdicts_worst", "AUC, worst draw"),
        ),
        _coarse_flickr.few_verdicts,
    ),
    Measure(
        (
            Bar("renovated_fitted_auc", "AUC, mean of 10 x 5 folds", ">=", 0.69),
            Bar("renovated_fitted_low", "AUC, 2.5 % bound over images"),
            Bar("renovated_fitted_high", "AUC, 97.5 % bound over images"),
        ),
        _coarse_flickr.cross_validated,
    ),
    Measure((Bar("largest_loss_without_one_signal", "AUC"),), _coarse_flickr.dropped_one),
    Measure(
        (
            Bar("pairs_by_words_alone", "% of 2,161 pairs"),
            Bar("pairs_in_order", "% of 2,161 pairs", ">=", 98),
            Bar("pairs_not_longer", "pairs"),
            Bar("pairs_not_longer_in_order", "% of them", ">=", 65),
        ),
        _coarse_flickr.ordered_pairs,
    ),
)
DEMO = (
    Measure(
        (
            Bar("demo_coarse_captions", "captions"),
            Bar("demo_fine_captions", "captions"),
            Bar("demo_prior_auc", "AUC", ">=", 0.98),
        ),
        _coarse_demo.by_truth,
    ),
    Measure(
        (
            Bar("demo_calibration_error", "mean of 20 draws of 300 verdicts", "<=", 0.05),
            Bar("demo_fitted_auc", "AUC"),
        ),
        _coarse_demo.calibration,
    ),
    Measure((Bar("refit_25k_seconds", "s", "<=", 2),), _coarse_demo.refit),
)
ANALYSIS = (
    Measure(
        (
            Bar("analysis_25k_seconds", "s on 2 cores", "<=", 25),
            Bar("analysis_25k_cpu_seconds", "s of both cores together, loading the pipelines included"),
            Bar("analysis_ratio", "times as fast as the plain pipeline", ">=", 3),
            Bar("analysis_megabytes", "MB, all processes"),
            Bar("analysis_600k_seconds", "s, extrapolated"),
        ),
        _coarse_analysis.speed,
    ),
)

MEASURES = (*FLICKR, *DEMO, *ANALYSIS, *getattr(_coarse_defects, "MEASURES", ()))
