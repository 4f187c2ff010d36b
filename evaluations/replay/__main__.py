"""python -m evaluations.replay BUNDLE [--changed BUNDLE2 | --change "DOSSIER MEMBER CRITERION POINTS" ...]

The ranking goes to the standard output, byte for byte the text whose SHA-256 is the result digest; everything said
about it goes to the standard error. With a change the difference is printed instead of the ranking.

Exit codes: 0 the replay gives what was recorded (or a difference was printed), 1 it gives something else,
2 the bundle or the change cannot be used.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from evaluations.replay import difference
from evaluations.replay.reading import MAX_BYTES, Bundle, Unusable, read


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evaluations.replay", description="The ranking of a bundle.")
    parser.add_argument("bundle", help="the file that `manage.py decision_bundle YEAR` wrote; - for standard input")
    changes = parser.add_mutually_exclusive_group()
    changes.add_argument("--changed", metavar="BUNDLE2", help="compare with the ranking of this bundle")
    changes.add_argument(
        "--change",
        action="append",
        default=[],
        metavar="WORDS",
        help="`dossier member criterion points`, points may be `abstain`; or `dossier member void`",
    )
    options = parser.parse_args(arguments)
    try:
        bundle = _load(options.bundle, sealed=True)
        if options.changed or options.change:
            return _difference(bundle, options.changed, options.change)
        return _ranking(bundle)
    except Unusable as error:
        _say(str(error))
        return 2


def _load(name: str, *, sealed: bool) -> Bundle:
    try:
        if name == "-":
            return read(sys.stdin.buffer.read(MAX_BYTES + 1), sealed=sealed)
        with Path(name).open("rb") as file:
            return read(file.read(MAX_BYTES + 1), sealed=sealed)
    except OSError as error:
        raise Unusable(f"The file {name} cannot be read: {error.strerror}.") from None


def _ranking(bundle: Bundle) -> int:
    outcome = bundle.outcome
    sys.stdout.buffer.write(outcome.lines.encode())
    sys.stdout.buffer.flush()
    _say(f"season {bundle.season}, run {bundle.record.number}, {len(outcome.places)} dossiers")
    _say(f"input  {outcome.input_digest}\nresult {outcome.result_digest}")
    if bundle.as_recorded:
        _say("Both digests are those of the recorded run.")
        return 0
    _say(
        f"This is NOT the recorded run: it says input {bundle.record.input_digest}, "
        f"result {bundle.record.result_digest}."
    )
    return 1


def _difference(bundle: Bundle, other: str | None, changes: Sequence[str]) -> int:
    if other:
        after = _load(other, sealed=False)
    else:
        after = difference.changed(bundle, *map(difference.parse_change, changes))
    sys.stdout.buffer.write(difference.as_text(difference.compare(bundle, after)).encode())
    sys.stdout.buffer.flush()
    if not bundle.as_recorded:
        _say("The first bundle is NOT the recorded run.")
        return 1
    return 0


def _say(words: str) -> None:
    """ASCII on every terminal: the locale of a foreign machine is not known."""
    sys.stderr.write(words.encode("ascii", "backslashreplace").decode() + "\n")


if __name__ == "__main__":
    sys.exit(main())
