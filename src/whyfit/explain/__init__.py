"""The twelve answers with live numbers: one file a question, each computed on the spot and checked where it can be."""
