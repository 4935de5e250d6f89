"""The `course` command. Imports of weight are inside the commands: `course --help` is instant."""

import errno
import sys

STOPPED = 130  # the status of a command that Ctrl-C has ended


def say_stopped() -> None:
    """One line, below the ^C of the terminal."""
    print("\nStopped by Ctrl-C.", file=sys.stderr)


try:
    import click

    from course_utils import CourseError, __version__
    from course_utils.delivery.cli import authoring, learning, teaching
except ModuleNotFoundError as error:
    if error.name != "click":
        raise
    sys.exit("The package click is missing from this environment: run `make setup`.")
except KeyboardInterrupt:
    say_stopped()
    sys.exit(STOPPED)

SECTIONS = {
    "Learn": (
        learning.lab,
        learning.reset,
        learning.doctor,
        learning.claims,
        learning.submit,
        learning.version,
    ),
    "Teach": (
        teaching.slides,
        teaching.handout,
        teaching.site,
        teaching.hub,
        teaching.rehearse,
        teaching.link,
    ),
    "Mark": (
        teaching.release,
        teaching.collect,
        teaching.grade,
        teaching.regrade,
        teaching.feedback,
        teaching.export,
    ),
    "Change the course": (
        authoring.build,
        authoring.check,
        authoring.teach,
        authoring.translate,
        authoring.sweep,
    ),
}


IN_A_CLONE = {"slides", "handout", "site", "hub", "rehearse", "build", "check", "teach"}
IN_A_CLONE |= {"translate"}


class Course(click.Group):
    """A group whose help lists its commands by whom they are for, and that Ctrl-C ends quietly."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            say_stopped()
            context.exit(STOPPED)

    def resolve_command(self, context: click.Context, words: list[str]) -> tuple:
        found = super().resolve_command(context, words)
        if found[0] in IN_A_CLONE and not {"-h", "--help"} & set(words):
            from course_utils.place import require_clone

            require_clone(f"course {found[0]}")
        return found

    def list_commands(self, context: click.Context) -> list[str]:
        return [command.name for commands in SECTIONS.values() for command in commands]

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, self.list_commands(context)))
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                rows = [
                    (one.name.ljust(width), one.get_short_help_str(formatter.width - width))
                    for one in commands
                ]
                formatter.write_dl(rows)


@click.group(cls=Course, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def course() -> None:
    """Carousel: a hands-on course from vanishing gradients to the LSTM and the GRU."""


for command in (one for commands in SECTIONS.values() for one in commands):
    course.add_command(command)


ADVICE = {
    errno.EACCES: "make it yours to read and write, or choose another place",
    errno.EPERM: "make it yours to read and write, or choose another place",
    errno.EROFS: "make it yours to read and write, or choose another place",
    errno.ENOSPC: "free some disk and try again",
    errno.EDQUOT: "free some disk and try again",
    errno.ENOTDIR: "choose another place",
    errno.EISDIR: "choose another place",
    errno.EEXIST: "choose another place",
    errno.ENOENT: "look whether the name is right",
}


def in_one_sentence(error: OSError) -> str:
    """What the machine refused, and what to do about it."""
    advice = ADVICE.get(error.errno or 0, "look what is wrong there and try again")
    return f"Cannot use {error.filename or 'a file'} ({error.strerror or error}): {advice}."


def main() -> None:
    """Run the command; what a user can mend ends in one sentence, not in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a name that this terminal cannot show
    try:
        course(prog_name="course")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("course_utils"):
            raise
        sys.exit(f"The package {error.name} is missing from this environment: run `make setup`.")
    except OSError as error:
        sys.exit(in_one_sentence(error))
    except CourseError as error:
        sys.exit(str(error))
