"""Checks that say what is right, or which mistake they see. One module per chapter, one check per exercise."""

from lib.checks.framework import Case, Check, CheckFailed, check

__all__ = ["Case", "Check", "CheckFailed", "check"]
