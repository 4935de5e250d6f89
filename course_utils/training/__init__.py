"""Training: a read-out head, losses, optimisers and the one loop that trains every cell.

Read it in this order: `losses`, `heads`, `optimizers`, `model`, `loop`.
"""

from course_utils.training.heads import Dense
from course_utils.training.history import History
from course_utils.training.loop import train
from course_utils.training.losses import accuracy, mean_squared_error, softmax_cross_entropy
from course_utils.training.model import Metrics, SequenceModel
from course_utils.training.optimizers import SGD, Adam, clip_by_global_norm
from course_utils.training.parameters import Parameters
from course_utils.training.progress import with_progress

__all__ = [
    "SGD",
    "Adam",
    "Dense",
    "History",
    "Metrics",
    "Parameters",
    "SequenceModel",
    "accuracy",
    "clip_by_global_norm",
    "mean_squared_error",
    "softmax_cross_entropy",
    "train",
    "with_progress",
]
