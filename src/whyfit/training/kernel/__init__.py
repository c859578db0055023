"""The compiled kernel: forward and backward written by hand, a network a call."""
