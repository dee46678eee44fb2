"""How fast the lessons' code is, as ratios within one run: ``make bench``."""
