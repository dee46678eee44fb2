"""Every figure that the lessons draw. Each function returns a :class:`Picture` (or an `Animation`) and its words."""

from lib.plotting.animation import Animation, animation
from lib.plotting.blackjack import blackjack_errors, blackjack_policy, blackjack_table, blackjack_values
from lib.plotting.cells import gru_cell, lstm_cell
from lib.plotting.classification import confusion_matrix, decision_boundaries, digit_gallery, scatter
from lib.plotting.convolution import connections, filtered, sliding_window, text_convolution
from lib.plotting.curves import bar_panels, bars, learning_curves, training_curves
from lib.plotting.diagrams import backup_diagrams, policy_plane, transition_diagram
from lib.plotting.episodes import episode_statistics
from lib.plotting.filters import filter_maps, moving_phrase, phrase_bars, window_scores
from lib.plotting.gambler import stakes
from lib.plotting.gradients import error_cliff, functions_and_slopes
from lib.plotting.graphs import graph
from lib.plotting.grids import policy_grid, value_and_policy_grids, value_grid, value_grids
from lib.plotting.intervals import paired_gains
from lib.plotting.labels import class_confusions, label_table
from lib.plotting.language import grouped_bars, next_words, occurrences_and_contexts, zipf
from lib.plotting.maps import maps
from lib.plotting.mountain_car import cost_to_go, state_maps, tilings
from lib.plotting.paths import grid_path
from lib.plotting.picture import Picture
from lib.plotting.planes import value_paths
from lib.plotting.recurrent import unrolled_network
from lib.plotting.regions import channel_images, network_in_numbers, receptive_fields, region_windows
from lib.plotting.samples import coverage, strips
from lib.plotting.style import use_theme
from lib.plotting.text import accuracy_intervals, padded_rows, text_lengths, word_weights
from lib.plotting.text_saliency import words_in_colour
from lib.plotting.training import text_network
from lib.plotting.vectors import word_map

__all__ = [
    "Animation",
    "Picture",
    "accuracy_intervals",
    "animation",
    "backup_diagrams",
    "bar_panels",
    "bars",
    "blackjack_errors",
    "blackjack_policy",
    "blackjack_table",
    "blackjack_values",
    "channel_images",
    "class_confusions",
    "confusion_matrix",
    "connections",
    "cost_to_go",
    "coverage",
    "decision_boundaries",
    "digit_gallery",
    "episode_statistics",
    "error_cliff",
    "filter_maps",
    "filtered",
    "functions_and_slopes",
    "graph",
    "grid_path",
    "grouped_bars",
    "gru_cell",
    "label_table",
    "learning_curves",
    "lstm_cell",
    "maps",
    "moving_phrase",
    "network_in_numbers",
    "next_words",
    "occurrences_and_contexts",
    "padded_rows",
    "paired_gains",
    "phrase_bars",
    "policy_grid",
    "policy_plane",
    "receptive_fields",
    "region_windows",
    "scatter",
    "sliding_window",
    "stakes",
    "state_maps",
    "strips",
    "text_convolution",
    "text_lengths",
    "text_network",
    "tilings",
    "training_curves",
    "transition_diagram",
    "unrolled_network",
    "use_theme",
    "value_and_policy_grids",
    "value_grid",
    "value_grids",
    "value_paths",
    "window_scores",
    "word_map",
    "word_weights",
    "words_in_colour",
    "zipf",
]
