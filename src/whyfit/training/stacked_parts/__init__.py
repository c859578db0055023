"""What the stacked engine is made of: many networks of one structure as one program."""
