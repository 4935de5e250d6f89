"""What the notebooks of Carousel import. This package itself imports nothing: it starts at once."""

__version__ = "0.1.0"
