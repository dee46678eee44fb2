"""Options of the test suite. Importing lib first sets the environment that every kernel inherits."""

import lib  # noqa: F401


def pytest_addoption(parser):
    parser.addoption("--all-chapters", action="store_true", help="run the nbgrader round trip for every chapter")
