"""What the notebooks of Carousel import. This package itself imports nothing: it starts at once."""

__version__ = "0.1.0"


class CourseError(Exception):
    """Something the user can mend; the message is one clear sentence, shown without a traceback."""
