"""The default network for images on an accelerator, or on request; on a CPU the perceptron costs a tenth of it.

The file itself is the network's identity in a study, like any file of a user's.
"""

from __future__ import annotations

from torch import nn

CHANNELS = 32


def small_cnn(inputs: int, outputs: int) -> nn.Module:  # noqa: ARG001  # the channels of an image are seen in the first pass
    """Two blocks of convolution, norm, ReLU and pooling, then the mean over all places; for any size of image."""
    return nn.Sequential(
        nn.LazyConv2d(CHANNELS, 3, padding=1),
        nn.BatchNorm2d(CHANNELS),
        nn.ReLU(),
        nn.MaxPool2d(2, ceil_mode=True),
        nn.Conv2d(CHANNELS, 2 * CHANNELS, 3, padding=1),
        nn.BatchNorm2d(2 * CHANNELS),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(2),
        nn.Flatten(),
        nn.Linear(8 * CHANNELS, outputs),
    )
