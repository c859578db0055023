"""The handbook: MyST notebooks, executed when it is built; the language is chosen on the command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
# Notebooks run in processes of their own, which find the modules beside the pages by this.
os.environ["PYTHONPATH"] = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
os.environ["PYTHONWARNINGS"] = "ignore"  # a notebook's standard error would be a stale output

from whyfit import __version__  # the path is set above

project, author, release = "whyfit", "the whyfit authors", __version__
copyright = "the whyfit authors, Apache-2.0"  # noqa: A001  # Sphinx calls it so
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
exclude_patterns = ["_build"]
language = os.environ.get("HANDBOOK_LANGUAGE", "en")

nb_execution_mode = "force"
nb_execution_timeout = 600  # of one cell; a quiet machine takes a tenth of it
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_merge_streams = True
nb_render_markdown_format = "myst"  # tables and admonitions in what cells give
myst_enable_extensions = ["colon_fence", "dollarmath", "deflist"]
myst_heading_anchors = 3
suppress_warnings: list[str] = []
nitpicky = False

html_theme = "pydata_sphinx_theme"
html_title = "whyfit"
html_static_path = [str(HERE / "_static")]
html_css_files = ["handbook.css"]
html_js_files = [("stemmer.js", {"priority": 100})] if language.startswith("zh") else []
html_show_sourcelink = False
templates_path = [str(HERE / "_templates")]
html_sidebars = {"**": ["globaltoc.html"], "index": []}
html_theme_options = {
    "navigation_with_keys": True,
    "show_toc_level": 2,
    "secondary_sidebar_items": ["page-toc"],
    "navbar_center": [],
    "navbar_end": ["language.html", "theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_context = {"default_mode": "auto"}
autodoc_typehints = "description"
autodoc_typehints_format = "short"
napoleon_google_docstring = False
