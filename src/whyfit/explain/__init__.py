"""The twelve answers, with live numbers."""
