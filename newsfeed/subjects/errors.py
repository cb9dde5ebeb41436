"""What is wrong with a file of rules, and where."""

from __future__ import annotations


class RuleError(ValueError):
    """A rule file that cannot be used.

    Attributes:
        file: path as given. line, column: from 1; None where the place is the whole file. reason: what to mend.
    """

    def __init__(self, reason: str, *, file: str, line: int | None = None, column: int | None = None) -> None:
        self.reason, self.file, self.line, self.column = reason, file, line, column
        place = "".join(
            f", {name} {number}" for name, number in (("line", line), ("column", column)) if number is not None
        )
        super().__init__(f"{file}{place}: {reason}")
