"""How long `course grade` takes for a class: python benchmarks/grading.py [SUBMISSIONS] [SET]"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from course_utils.grading import commands
from course_utils.grading.sets import find_set, known_sets


def main(count: int = 100, name: str = "01") -> None:
    """Mark `count` copies of a set's solution, pages of feedback included, and print the time."""
    chosen = find_set(name).name
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            path = Path(folder, "submitted", f"learner{number}", chosen, f"{chosen}.ipynb")
            path.parent.mkdir(parents=True)
            shutil.copy(known_sets()[chosen], path)
        start = time.perf_counter()
        commands.grade(Path(folder), None)
        print(f"{count} submissions of {chosen}: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main(*[int(sys.argv[1])] if len(sys.argv) > 1 else [], *sys.argv[2:3])
