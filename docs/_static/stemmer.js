// Sphinx 9.0 names a stemmer for Chinese pages and ships none; their Latin words are indexed by the English one.
function ChineseStemmer() {
  return new EnglishStemmer();
}
