"""Bundle the script of the report page, with the licences of what is in it: `python tools/build_page.py` (needs node).

What comes out is committed and ships inside the wheel, so nobody needs node to install whyfit or to draw a report.
`page/bundle.json` says what it was made from, by digest; the same sources give the same bytes, and a test holds that
nothing was edited without bundling anew.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent / "page"
ASSETS = PAGE.parent.parent / "src" / "whyfit" / "report" / "assets"
SOURCES = ("page.js", "package.json", "package-lock.json")
BUNDLED = ("page.js", "page.licences.txt")
RECORD = PAGE / "bundle.json"
META = PAGE / "node_modules" / "meta.json"
LICENCE_FILES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "license")


def bundle() -> None:
    """One minified file; ASCII, so that it means the same in every encoding, and without `</script`."""
    subprocess.run(["npm", "ci"], cwd=PAGE, check=True)
    subprocess.run(
        [
            "node_modules/.bin/esbuild",
            "page.js",
            "--bundle",
            "--minify",
            "--format=iife",
            "--target=es2020",
            "--charset=ascii",
            "--legal-comments=none",
            f"--metafile={META}",
            f"--outfile={ASSETS / 'page.js'}",
        ],
        cwd=PAGE,
        check=True,
    )


def packages() -> list[Path]:
    """The folders of all packages that something in the bundle comes from."""
    inputs = json.loads(META.read_text(encoding="utf-8"))["inputs"]
    names = {"/".join(_package(Path(name).parts)) for name in inputs if name.startswith("node_modules/")}
    return [PAGE / "node_modules" / name for name in sorted(names)]


def _package(parts: tuple[str, ...]) -> tuple[str, ...]:
    last = len(parts) - 1 - parts[::-1].index("node_modules")
    return parts[last + 1 : last + (3 if parts[last + 1].startswith("@") else 2)]


def licences() -> str:
    """Every licence text once, under the packages that it holds for."""
    holders: dict[str, list[str]] = defaultdict(list)
    for folder in packages():
        about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        holders[_licence(folder)].append(f"{about['name']} {about['version']}")
    return "\n\n\n".join(f"{', '.join(names)}\n\n{text}" for text, names in holders.items()) + "\n"


def _licence(folder: Path) -> str:
    files = [folder / name for name in LICENCE_FILES if (folder / name).exists()]
    return "\n".join(line.rstrip() for line in files[0].read_text(encoding="utf-8").strip().splitlines())


def digest(file: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def record() -> dict[str, Any]:
    """What the bundle was made from, what came out, and which packages are in it, as the lock names them."""
    locked = json.loads((PAGE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    within = {str(folder.relative_to(PAGE)): locked[str(folder.relative_to(PAGE))] for folder in packages()}
    return {
        "from": {name: digest(PAGE / name) for name in SOURCES},
        "made": {name: digest(ASSETS / name) for name in BUNDLED},
        "packages": {
            place.rpartition("node_modules/")[2]: {key: one[key] for key in ("version", "license", "integrity")}
            for place, one in within.items()
        },
    }


def main() -> None:
    """Bundle, then write the licences beside the bundle, and what it was made from."""
    bundle()
    text = licences()
    (ASSETS / "page.licences.txt").write_text(text, encoding="utf-8")
    RECORD.write_text(json.dumps(record(), indent=2) + "\n", encoding="utf-8")
    print(f"{len(packages())} packages; licences {len(text):,} bytes")


if __name__ == "__main__":
    main()
