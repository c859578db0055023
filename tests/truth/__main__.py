"""The long evidence: `python tests/truth [NAME ...]` runs claims for hours, resumes, and writes docs/evidence."""

import argparse
import json
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # in place of this folder, whose names would hide packages

from truth.evidence import PLACE, is_stale  # noqa: E402  # the path is set above
from truth.marks import pages, refreshed  # noqa: E402
from truth.runner import claims, run  # noqa: E402


def main() -> int:
    """Run, or list with `--list`: which claims have evidence, and whether it holds for the code as it is."""
    parser = argparse.ArgumentParser(prog="truth", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="claims to run; all without one")
    parser.add_argument("--list", action="store_true", help="list the claims and the state of their evidence")
    parser.add_argument("--docs", action="store_true", help="bring the marked numbers of the docs up to date")
    arguments = parser.parse_args()
    if arguments.docs:
        for page in pages():
            page.write_text(refreshed(page.read_text(encoding="utf-8")), encoding="utf-8")
        return 0
    known = claims()
    unknown = set(arguments.names) - set(known)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; the claims are {', '.join(known)}")
    chosen = [known[name] for name in arguments.names or known]
    if arguments.list:
        for claim in chosen:
            print(f"{state(claim.name):8} {claim.name}: {claim.states}")
        return 0
    documents = [run(claim) for claim in chosen]  # all of them, also after one that is not met
    return 0 if all(document["met"] for document in documents) else 1


def state(name: str) -> str:
    """`none`, `stale`, `met` or `not met`."""
    path = PLACE / f"{name}.json"
    if not path.exists():
        return "none"
    document = json.loads(path.read_text(encoding="utf-8"))
    return "stale" if is_stale(document) else "met" if document["met"] else "not met"


if __name__ == "__main__":
    import threadpoolctl

    with threadpoolctl.threadpool_limits(1):  # small matrices: a second thread costs more than it gives
        raise SystemExit(main())
