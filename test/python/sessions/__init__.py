"""Random sessions of everything that Python can hold, the same for the same seed, and their way through Node and back."""
