"""The shipped files that pages are made of: templates that escape everything, styles and scripts as they stand."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from whyfit.text.names import plain_name

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

TIGHT = re.compile(r"(?<=\d) (?=[%×])")
"""A number and its sign stay on one line."""
CODE = re.compile(r"`((?:[^`<>&]|&#3[49];){1,60})`")


@lru_cache(maxsize=8)
def asset(name: str) -> str:
    """The text of a shipped file."""
    return files("whyfit.report").joinpath("assets", name).read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def template(name: str) -> Template:
    """A template that escapes whatever it is given, and fails on names that it is not given."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  # a tenth of a second, and only for pages

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters |= {"tight": tight, "name": plain_name}
    return environment.from_string(asset(name))


def as_it_stands(text: str) -> Markup:
    """What whyfit itself ships, not escaped."""
    from markupsafe import Markup  # noqa: PLC0415

    return Markup(text)  # noqa: S704  # nothing from outside is ever in it


def tight(text: str) -> Markup:
    """Escaped, numbers kept together with their signs, and what stands in backticks as code."""
    from markupsafe import Markup, escape  # noqa: PLC0415

    return Markup(CODE.sub(r"<code>\1</code>", TIGHT.sub("\u00a0", str(escape(text)))))  # noqa: S704  # escaped before
