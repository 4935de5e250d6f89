"""Sequence problems, seeded: what the course trains its networks on, and what guessing reaches.

task = Adding(length=100)
batch = task.sample(32, np.random.default_rng(0))
batch.inputs.shape, task.baseline.loss      # (32, 100, 2), 1/6
"""

from course_utils.tasks.adding import Adding
from course_utils.tasks.best_so_far import BestSoFar
from course_utils.tasks.copy_memory import CopyMemory
from course_utils.tasks.counting import Counting
from course_utils.tasks.france import FranceSentence
from course_utils.tasks.latch import Latch
from course_utils.tasks.latest_value import LatestValue
from course_utils.tasks.many_keys import ManyKeys
from course_utils.tasks.parity import Parity
from course_utils.tasks.reber import ContinualReber, EmbeddedReber, ReberBatch
from course_utils.tasks.recall import Recall
from course_utils.tasks.task import Baseline, Batch, Labels, Task
from course_utils.tasks.temporal_order import TemporalOrder

__all__ = [
    "Adding",
    "Baseline",
    "Batch",
    "BestSoFar",
    "ContinualReber",
    "CopyMemory",
    "Counting",
    "EmbeddedReber",
    "FranceSentence",
    "Labels",
    "Latch",
    "LatestValue",
    "ManyKeys",
    "Parity",
    "ReberBatch",
    "Recall",
    "Task",
    "TemporalOrder",
]
