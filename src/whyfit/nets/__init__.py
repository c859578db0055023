"""The default networks, users' networks by reference, and the layers that torch lacks."""
