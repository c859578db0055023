"""Bundle the script of the report page, with the licences of what is in it: `python tools/build_page.py` (needs node).

What comes out is committed and ships inside the wheel, so nobody needs node to install whyfit or to draw a report.
"""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from pathlib import Path

PAGE = Path(__file__).resolve().parent / "page"
ASSETS = PAGE.parent.parent / "src" / "whyfit" / "report" / "assets"
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


def main() -> None:
    """Bundle, then write the licences beside the bundle."""
    bundle()
    text = licences()
    (ASSETS / "page.licences.txt").write_text(text, encoding="utf-8")
    print(f"{len(packages())} packages; licences {len(text):,} bytes")


if __name__ == "__main__":
    main()
