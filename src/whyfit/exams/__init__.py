"""One exam a question: evidence in, findings out."""
