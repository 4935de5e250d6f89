"""What a learner expects before a cell is run: chosen in place, kept, and summed up at the end.

Neither needs a kernel once it is shown. The right answer is in no plain text of the notebook.
"""

from course_utils.predictions.notebook import predict, score
from course_utils.predictions.sealing import seal

__all__ = ["predict", "score", "seal"]
