"""Under which processor and versions the bits of the torch engines hold."""

from __future__ import annotations

import platform
from functools import cache

import numpy as np
import torch


@cache
def torch_platform(device: str = "cpu") -> str:
    """The platform key of an outcome of a torch engine.

    Torch chooses its code by the processor's abilities, so these count, and not the name of the processor.

    Examples
    --------
    >>> torch_platform().startswith("torch")
    True
    """
    where = torch.backends.cpu.get_cpu_capability() if device == "cpu" else torch.cuda.get_device_name()
    return f"torch {torch.__version__}, numpy {np.__version__}, {platform.machine()} {where}"
