"""What the pages of the handbook run when it is built: worked cases, beliefs put to the test, generated references."""
