"""The catalogues: activations, optimisers, initialisers, losses, augmentations: each entry its formula, code and facts.

Reading them loads neither Numba nor torch: code is compiled when it is first called (`whyfit.rules.jit`).
"""
