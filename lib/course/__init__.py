"""The tool chain: one source file per lesson in, exercise and solution notebooks out, everything verified.

``python -m lib.course --help`` lists the commands.
"""
