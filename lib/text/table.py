"""Texts with labels from a CSV file."""

import csv
from pathlib import Path
from typing import NamedTuple

from lib.messages import CourseError


class TableError(CourseError):
    """A CSV file cannot be used; the message is one sentence that says what to do."""


class Table(NamedTuple):
    """columns: names, in the file's order.  rows: a dict per line, each with every column."""

    columns: list[str]
    rows: list[dict[str, str]]


def read_table(path: Path, *needed: str) -> Table:
    """A CSV file (RFC 4180, UTF-8) whose first line names its columns.

    needed: columns that must be there.
    Raises TableError: no such file, not UTF-8, empty, no line below the names, a column or a field missing.
    """
    limit = csv.field_size_limit(2**31 - 1)  # Python's own is 131,072 characters a field
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="", restval=None)
            columns = list(reader.fieldnames or [])
            _must_have(path, columns, needed)
            rows = []
            for row in reader:
                if "" in row or None in row.values():
                    raise TableError(
                        f"{path}, line {reader.line_num}: {len(columns)} fields were expected. Put a text with commas "
                        'in quotes: "like, this".'
                    )
                rows.append(row)
    except UnicodeDecodeError as error:
        raise TableError(f"{path} is not UTF-8 text: save it as CSV in UTF-8.") from error
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror or error}.") from error
    except csv.Error as error:
        raise TableError(f"{path} is not a CSV file ({error}): save it as CSV in UTF-8.") from error
    finally:
        csv.field_size_limit(limit)
    if not rows:
        raise TableError(f"{path} has no rows below its column names.")
    return Table(columns, rows)


def _must_have(path: Path, columns: list[str], needed: tuple[str, ...]) -> None:
    if not columns:
        raise TableError(f"{path} is empty: its first line must name the columns, {' and '.join(needed)} among them.")
    for name in needed:
        if name not in columns:
            raise TableError(f"{path} has no column {name}, only: {', '.join(columns)}. Name it in the first line.")
