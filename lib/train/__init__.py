"""Training outside of a notebook: ``python -m lib.train --help``."""
