"""What every notebook of the course shares: environments, models, figures, data, checks and the tool chain.

A lesson begins with ``from lib import setup`` and ``setup(seed=0)``.
"""

from lib import environment

environment.configure()

from lib.session import headline, setup  # noqa: E402  (the environment must be set before anything else loads)

__all__ = ["headline", "setup"]
