"""The catalogues: activations, optimisers, initialisers, losses; each entry its formula, its code, its facts."""
