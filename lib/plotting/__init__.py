"""Every figure that the lessons draw. Each function returns a :class:`Picture`: a figure and its description."""

from lib.plotting.classification import confusion_matrix, decision_boundaries, digit_gallery, scatter
from lib.plotting.curves import bars, training_curves
from lib.plotting.grids import policy_grid, value_grid, value_grids
from lib.plotting.picture import Picture
from lib.plotting.style import use_theme

__all__ = [
    "Picture",
    "bars",
    "confusion_matrix",
    "decision_boundaries",
    "digit_gallery",
    "policy_grid",
    "scatter",
    "training_curves",
    "use_theme",
    "value_grid",
    "value_grids",
]
