"""One exception tree. A message says what was wrong, where, and what to do about it.

The command line maps each branch to an exit code, so a caller can tell bad input from missing data from a broken invariant.
"""


class ThetadeskError(Exception):
    """Root of every error this project raises on purpose."""

    exit_code = 1


class BadInput(ThetadeskError):
    """A parameter, argument or file content the user gave is wrong; the message names the field and the allowed values."""

    exit_code = 2


class MissingData(ThetadeskError):
    """Market data that is needed is absent; nothing is invented in its place."""

    exit_code = 3


class CorruptData(ThetadeskError):
    """A data file exists but cannot be read as its format says; the message names file, row and reason."""

    exit_code = 4


class StorageFailed(ThetadeskError):
    """Writing a result, journal or cache failed (disk full, no permission); what was finished before is kept."""

    exit_code = 5


class InvariantBroken(ThetadeskError):
    """The program's own promise does not hold (cash not conserved, a naked leg, a limit passed); it stops instead of going on."""

    exit_code = 6
