"""Out of whyfit again: a recipe as TOML, a network as a plain PyTorch script with its weights."""
