"""The command `course`, started so that it imports nothing from the current folder."""

import sys

from course_utils.interpreter import enter


def main() -> None:
    """Run `course` in an isolated Python."""
    try:
        enter("course_utils.delivery.start")
        from course_utils.delivery.cli import main
    except KeyboardInterrupt:
        print("\nStopped by Ctrl-C.", file=sys.stderr)
        sys.exit(130)
    main()


if __name__ == "__main__":
    main()
