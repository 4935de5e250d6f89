"""What a notebook's kernel says of errors that a learner meets first."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from course_utils.kernel import NOT_RUN, traceback_of


@pytest.mark.parametrize(
    ("cell", "helped"),
    [
        ("check('rnn_step', 1)", True),
        ("def f():\n    return unheard_of\nf()", True),
        ("def f():\n    n += 1\nf()", False),  # nothing above would help
        ("1 / 0", False),
    ],
)
def test_below_a_name_error_stands_what_to_do(cell: str, helped: bool, capsys) -> None:
    shell = InteractiveShell()
    shell.set_custom_exc((ImportError, NameError), traceback_of)
    assert not shell.run_cell(cell).success
    said = capsys.readouterr()
    said = said.out + said.err
    assert "Error" in said and (NOT_RUN in said) == helped
