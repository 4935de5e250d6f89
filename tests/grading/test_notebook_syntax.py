"""What a cell may hold: whatever IPython accepts in a notebook, a worker accepts, and no more."""

import ast
import subprocess
import sys

import pytest

from course_utils.delivery.grading import libraries
from course_utils.delivery.grading.sandbox import Kit, Limits, Worker
from course_utils.feedback.verdict import Failure

F = "def f(x):\n    return x + 1\n"
CELLS = {  # each defines f(1) = 2 in a notebook, or nothing
    "plain": F,
    "line magic": "%matplotlib inline\n" + F,
    "several": "%load_ext autoreload\n%autoreload 2\n%env A=1\n%cd .\n" + F,
    "magic in a block": "if True:\n    %matplotlib inline\n    !true\n" + F,
    "%time before": "%time y = 1\ndef f(x):\n    return x + y\n",
    "value of %time": "y = %time 1\ndef f(x):\n    return x + y\n",
    "%timeit": "%timeit -n 1 -r 1 1 + 1\n" + F,
    "%%time": "%%time\n" + F,
    "%%time after blank lines": "\n\n%%time\n" + F,
    "%%capture": "%%capture out\n" + F,
    "%%capture of what is indented": "%%capture out\n    def f(x):\n        return x + 1\n",
    "%%time in %%capture": "%%capture\n%%time\n" + F,
    "name of %%capture": "%%capture out\n" + F + "\nprint(1)",
    "%%time with more magics": "%%time\n%matplotlib inline\n!true\nx = 1\n" + F,
    "%%timeit defines nothing": "%%timeit -n 1 -r 1\n" + F,
    "%%bash": "%%bash\ntrue",
    "%%html": "%%html\n<b>f</b>",
    "%%latex": "%%latex\n$x$",
    "%%javascript": "%%javascript\nlet f = 1",
    "%%writefile": "%%writefile /dev/null\n" + F,
    "unknown cell magic": "%%unheard_of\nno Python at all",
    "!": "!true\n" + F,
    "! over two lines": "!true \\\n  and more\n" + F,
    "!!": "!!true\n" + F,
    "value of !": "files = !true\n" + F,
    "? before": "?len\n" + F,
    "? behind": F + "f?",
    "?? behind": F + "f??",
    "? of an attribute": "import os\nos.path?\n" + F,
    "; behind": F + "f(1);",
    "only ;": F + ";\n",
    "% in the next line": "y = ('%d'\n% 3)\n%matplotlib inline\n" + F,
    "% continued": "y = 7 \\\n% 4\n%matplotlib inline\n" + F,
    "! in a text": 'y = """\n!no\n%no\n"""\n%matplotlib inline\n' + F,
    "get_ipython": "get_ipython().run_line_magic('matplotlib', 'inline')\n" + F,
    "get_ipython's names": "get_ipython().user_ns['y'] = 1\ndef f(x):\n    return x + y\n",
    "get_ipython's cell": f"get_ipython().run_cell({F!r})",
    "get_ipython's code": f"get_ipython().ex({F!r})",
    "imported get_ipython": "from IPython import get_ipython\nget_ipython().system('true')\n" + F,
    "await": "import asyncio\nawait asyncio.sleep(0.001)\n" + F,
    "value of await": "async def g():\n    return 1\ny = await g()\ndef f(x):\n    return x + y\n",
    "async for": "async def g():\n    yield 1\nasync for y in g():\n    pass\n" + F,
    "async with": "import contextlib\nasync with contextlib.AsyncExitStack():\n    pass\n" + F,
    "future": "from __future__ import annotations\ndef f(x: Tensor) -> New:\n    return x + 1\n",
    "typing": "from typing import *\ndef f(x: 'New' = None) -> Optional[int]:\n    return x + 1\n",
    "dataclass": "from dataclasses import dataclass\n@dataclass\nclass A:\n    y: int = 1\n"
    "def f(x):\n    return x + A().y\n",
    "prompts": ">>> def f(x):\n...     return x + 1\n",
    "IPython's prompts": "In [1]: def f(x):\n   ...:     return x + 1\n   ...:\n",
    "indented": "    def f(x):\n        return x + 1\n",
    "indented by tabs": "\tdef f(x):\n\t\treturn x + 1\n",
    "tabs": "def f(x):\n\treturn x + 1\n",
    "mixed tabs": "def f(x):\n\tx = x\n        return x + 1\n",
    "CRLF": F.replace("\n", "\r\n"),
    "CRLF and magic": ("%matplotlib inline\n" + F).replace("\n", "\r\n"),
    "form feed": "\x0c\n" + F + "\x0c\n",
    "form feed and magic": "%matplotlib inline\n\x0c\n" + F,
    "byte order mark": "\ufeff" + F,
    "blank that does not break": "y\xa0= 1\n" + F,
    "such a blank in a comment": "# a\xa0b\n" + F,
    "other letters": "größe = 1\ndef f(x):\n    return x + größe\n",
    "main": F + 'if __name__ == "__main__":\n    print(f(1))\n',
    "autocall": "/print 1\n,print a b\n" + F,
    "Colab's form": '#@title Step { display-mode: "form" }\ny = 1 #@param {type: "integer"}\n' + F,
    "lambda": "f = lambda x: x + 1",
    "partial": "from functools import partial\nf = partial(lambda y, x: x + y, 1)",
    "walrus": "if (y := 1):\n    def f(x):\n        return x + y\n",
    "display": "display(1)\n" + F + "display(f(1))",
    "syntax": "def f(x) return x",
    "open bracket": F + "print(",
    "bad magic place": "y = 1 + %time 1\n" + F,
    "return outside": "return 1\n",
}


@pytest.fixture(scope="module")
def worker():
    with Worker(Kit(), Limits(seconds=60)) as one:
        yield one


def in_worker(worker: Worker, cell: str, name: str = "f") -> tuple[str | None, object]:
    """How the cell ends in a worker that forgets what was before, and what f(1) is then."""
    forget = f"for name in ('{name}', 'y'): globals().pop(name, None)"
    worker.ask({"do": "run", "label": "forget", "source": forget, "lenient": True}, 90)
    said = worker.ask({"do": "run", "label": name, "source": cell, "lenient": False}, 90)
    card = [name, "function", f"{name}(x)", ["x"], ["y"]]
    found = worker.ask({"do": "ask", "card": card, "questions": [[1]], "seconds": 60}, 90)
    return said["error"], found if isinstance(found, Failure) else found[0]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """IPython itself, without commands of the system, drawings and a history."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    folder = str(tmp_path_factory.mktemp("ipython"))
    settings = Config(HistoryManager={"enabled": False}, InteractiveShell={"colors": "nocolor"})
    shell = InteractiveShell.instance(config=settings, ipython_dir=folder)
    shell.display_pub.publish = lambda *given, **named: None
    shell.system = shell.system_raw = lambda line: None
    shell.getoutput = lambda *given, **named: []
    shell.enable_matplotlib = lambda gui=None: (None, None)
    yield shell
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_what_a_notebook_accepts_is_accepted_and_nothing_else(
    worker, notebook, capsys, cell: str, monkeypatch, tmp_path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys.modules["builtins"], "display", print, raising=False)
    for name in ("f", "y"):
        notebook.user_ns.pop(name, None)
    notebook.run_cell(cell, store_history=False)
    capsys.readouterr()
    right = notebook.user_ns["f"](1) if "f" in notebook.user_ns else None
    _, found = in_worker(worker, cell)
    assert (found == 2) == (right == 2), found


LOOP = "def f(x):\n    for _ in {}:\n        x += 1\n    return x - 2\n"
ABSENT = {  # packages that a worker has not, and f(1) = 2 all the same
    "plot": "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\n" + F,
    "axes": "import matplotlib.pyplot as plt\nfig, axes = plt.subplots(1, 2)\n" + F,
    "plot inside": "def f(x):\n    import matplotlib.pyplot as plt\n"
    "    fig, (one, two) = plt.subplots(1, 2)\n    one.plot([x])\n    return x + 1\n",
    "line of a plot": "import matplotlib.pyplot as plt\ndef f(x):\n"
    "    line, = plt.plot([x])\n    return x + 1\n",
    "tqdm": "from tqdm import tqdm\n" + LOOP.format("tqdm([0] * 3)"),
    "tqdm of a notebook": "from tqdm.notebook import tqdm\n" + LOOP.format("tqdm(range(3))"),
    "trange": "from tqdm.auto import trange\n" + LOOP.format("trange(3, desc='x')"),
    "trange from": "import tqdm\n" + LOOP.format("tqdm.trange(2, 5)"),
    "tqdm counted": "from tqdm import tqdm\n" + LOOP.format("enumerate(tqdm(range(3)))"),
    "tqdm inside": "def f(x):\n    from tqdm import tqdm\n    return x + len(tqdm([1]))\n",
    "tqdm by hand": "from tqdm import tqdm\ndef f(x):\n    with tqdm(total=1) as bar:\n"
    "        bar.update(1)\n    return x + 1\n",
    "rich": "from rich.progress import track\n" + LOOP.format("track(range(3))"),
    "numba": "from numba import njit\n@njit\n" + F,
    "numba with options": "import numba as nb\n@nb.njit(parallel=True, cache=True)\n" + F,
    "numba's prange": "import numba\nprint(numba.prange(3))\n" + F,
    "pandas above": "import pandas as pd\ntable = pd.DataFrame({'a': [1]})\n" + F,
    "either": "try:\n    import cupy as xp\nexcept ImportError:\n    import numpy as xp\n"
    "def f(x):\n    return int(xp.add(x, 1))\n",
    "only one of two": "import numpy, torch\ndef f(x):\n    return int(numpy.add(x, 1))\n",
    "input": "n = int(input('n? '))\n" + F,
    "file": "data = open('my.csv').read()\n" + F,
    "file with magic": "%matplotlib inline\nimport csv\nrows = list(csv.reader(open('x')))\n" + F,
    "own module": "from helper import *\n" + F,
    "widgets": "from ipywidgets import interact\n@interact\ndef show(k=1):\n    pass\n" + F,
    "clear_output": "from IPython.display import clear_output\nclear_output(wait=True)\n" + F,
    "IPython": "import IPython\nIPython.display.display(1)\n" + F,
}


@pytest.mark.parametrize("cell", ABSENT.values(), ids=ABSENT)
def test_what_is_not_there_does_no_harm(worker, cell: str) -> None:
    assert in_worker(worker, cell)[1] == 2


@pytest.mark.parametrize(
    "line",
    [
        "return scipy.special.expit(x) + 1",
        "return 1 - scipy.special.expit(x)",
        "return np.tanh(scipy.special.expit(x))",
        "return np.ones(3) * scipy.special.expit(x)",
        "return -scipy.special.expit(x)",
        "return scipy.special.expit(x) > 0",
        "return float(scipy.special.expit(x))",
        "return [x for x in scipy.linalg.svdvals(x)]",
        "return scipy.special.expit(x)",
        "return abs(scipy.special.expit(x)) // 2",
    ],
)
def test_who_reckons_with_what_is_not_there_is_told(worker, line: str) -> None:
    cell = f"import numpy as np\nimport scipy.special\nimport scipy.linalg\ndef f(x):\n    {line}\n"
    found = in_worker(worker, cell)[1]
    assert isinstance(found, Failure)
    assert "there is no scipy when answers are marked" in found.text, found.text


def test_a_module_without_what_is_wanted_is_no_package_that_is_not_there(worker) -> None:
    error, _ = in_worker(worker, "from numpy import sigmoid\n")
    assert error.startswith("ImportError in line 1 (`from numpy import sigmoid`)")
    assert "site-packages" not in error


def test_what_fails_below_an_answer_ends_its_cell(worker) -> None:
    """As in the notebook: what stands below a failure has not run there."""
    _, found = in_worker(worker, F + "1 / 0\ndef f(x):\n    return 0\n")
    assert found == 2


def test_what_fails_over_an_absent_package_does_not_end_a_cell(worker) -> None:
    """In the notebook it did not fail: what stands below it has run there."""
    cell = "import torch\ndef f(x):\n    return 0\ny = torch.ones(2) + 1\n" + F
    assert in_worker(worker, cell)[1] == 2


def test_what_an_absent_package_should_have_made_is_absent_too(worker) -> None:
    cell = "import torch\nones = torch.ones(2) + 1\ndef f(x):\n    return x + ones\n"
    assert "there is no torch when answers are marked" in in_worker(worker, cell)[1].text
    cell = "typed = int(input())\ndef f(x):\n    return x + typed\n"
    assert "there is no input() when answers are marked" in in_worker(worker, cell)[1].text


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("\n\nx = 1\ndef f(x)\n    pass", "SyntaxError in line 4: "),
        ("%matplotlib inline\nx = (", "SyntaxError in line 2: "),
        ("\n%%time\n\nx = z", "NameError in line 3 (`x = z`): name 'z' is not defined"),
        ("\n\nx = z", "NameError in line 3 (`x = z`): name 'z' is not defined"),
        ("import math\nx = math.sqrt(-1)", "ValueError in line 2 (`x = math.sqrt(-1)`): "),
    ],
)
def test_an_error_names_the_learners_line(worker, cell: str, said: str) -> None:
    assert in_worker(worker, cell)[0].startswith(said)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_what_the_editor_makes_of_them(worker, end: str) -> None:
    """JupyterLab sends a cell with line feeds, whatever its file has."""
    cell = "!pip install \\\n  x\n%matplotlib inline\n" + F
    assert in_worker(worker, cell.replace("\n", end))[1] == 2


def test_what_is_there_already_stays(worker) -> None:
    """As the teacher's modules, which a set-up cell imports by a way that a worker has not."""
    cell = "import numpy as xp\nfrom course_utils.keras_bridge import xp\n"
    assert in_worker(worker, cell + "def f(x):\n    return int(xp.add(x, 1))\n")[1] == 2


def test_ipython_itself_is_not_there(worker) -> None:
    """The two files that read a cell are no door to more, and no learner can import them."""
    cell = (
        "%matplotlib inline\nimport sys\n"
        "f = lambda x: [k for k in sys.modules if k.startswith('IPython')] + "
        "[k for k in sys.path if 'notebook' in k]\n"
    )
    assert in_worker(worker, cell)[1] == []
    found = in_worker(worker, "try:\n    import IPython\n    f = None\nexcept ImportError:\n" + F)
    assert "function" not in str(found[0])
    look = "import importlib.util\nf = lambda x: importlib.util.find_spec('IPython') is None\n"
    assert in_worker(worker, look)[1] is True


def test_the_two_files_need_the_standard_library_alone() -> None:
    """Another version of IPython that needs more is seen here."""
    for path in libraries.notebook_syntax().values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            wanted = {name.split(".")[0] for name in names}
            assert wanted <= {*sys.stdlib_module_names, "IPython"}
            assert "IPython" not in wanted or node.module == "IPython.utils"


def test_a_plain_cell_pays_nothing_for_notebooks() -> None:
    code = (
        "import sys; from course_utils.delivery.grading import shell;"
        "shell.understood('x = 1', 'x');"
        "print('asyncio' in sys.modules, 'tokenize' in sys.modules and 'IPython' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]
