"""Changing a user's network: swap an activation, insert a norm, start anew."""
