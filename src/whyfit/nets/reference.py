"""From what a user types, `FILE.py:FUNCTION`, to a network file with its digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

from whyfit.errors import NetworkError
from whyfit.evidence.network import NetworkFile

FORM = "Give it as FILE.py:FUNCTION, where FUNCTION returns a fresh torch.nn.Module; or `cnn` for whyfit's own."
CNN = "cnn"
"""The word for whyfit's own small convolutional network; a name of a user's file has a colon."""


def network_file(text: str) -> NetworkFile:
    """The network file that a text names; nothing of the file is executed.

    Parameters
    ----------
    text
        `FILE.py:FUNCTION`; the path may be relative to the working directory. `cnn`: `small_cnn_file`.

    Raises
    ------
    NetworkError
        There is no colon, no such file, or what follows the colon is no name.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "net.py"
    >>> _ = path.write_text("def make(): ...")
    >>> network_file(f"{path}:make").function
    'make'
    """
    if text == CNN:
        return small_cnn_file()
    path_text, colon, function = text.rpartition(":")
    if not colon or not path_text:
        raise NetworkError(f"no function is named in {text!r}.", where="model", advice=FORM)
    if not function.isidentifier():
        raise NetworkError(f"{function!r} is no name of a function.", where="model", advice=FORM)
    path = Path(path_text).expanduser()
    if path.suffix != ".py":
        raise NetworkError(f"{path_text!r} is not a Python file (.py).", where="model", advice=FORM)
    return NetworkFile(str(path.resolve()), function, sha256_of(path))


def small_cnn_file() -> NetworkFile:
    """The network file of whyfit's own small convolutional network: for images on an accelerator, or on request.

    Examples
    --------
    >>> small_cnn_file().function
    'small_cnn'
    """
    return network_file(f"{Path(__file__).with_name('convolution.py')}:small_cnn")


def sha256_of(path: Path) -> str:
    """The digest of a network file's content.

    Raises
    ------
    NetworkError
        The file is not there or cannot be read.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        raise NetworkError(f"there is no file {str(path)!r}.", where="model", advice="Check the path.") from None
    except OSError as error:
        raise NetworkError(f"{str(path)!r} cannot be read ({error.strerror}).", where="model", advice=FORM) from None
