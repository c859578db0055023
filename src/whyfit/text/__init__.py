"""The words for every code, English and Chinese."""

from whyfit.text.language import LANGUAGES, Language, language_named, preferred_language
from whyfit.text.words import FindingWords, Words, words_in

__all__ = ["LANGUAGES", "FindingWords", "Language", "Words", "language_named", "preferred_language", "words_in"]
