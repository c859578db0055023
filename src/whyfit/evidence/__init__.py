"""The types that rooms hand to each other: frozen, plain, without behaviour of any room."""
