"""Pictures of samples: every task has one, and it shows what the sample holds."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from course_utils import tasks
from course_utils.plots.samples import CLUE, sentence_sample, sequence_sample, task_sample

ALL = [
    tasks.FranceSentence((3, 30)),
    tasks.Recall(20),
    tasks.Adding(30),
    tasks.CopyMemory(20),
    tasks.TemporalOrder(100),
    tasks.EmbeddedReber(),
    tasks.ContinualReber(40),
    tasks.Latch(20),
]


def sample(task):
    return task.sample(4, np.random.default_rng(0))


def texts(fig):
    return [text.get_text() for axes in fig.axes for text in axes.texts]


def marked(axes):
    """Steps whose cell is purple."""
    cells = [p for p in axes.patches if to_hex(p.get_facecolor()) == CLUE.lower()]
    return sorted(round(cell.get_x() + cell.get_width() / 2) for cell in cells)


@pytest.mark.parametrize("task", ALL, ids=lambda task: type(task).__name__)
@pytest.mark.parametrize("row", [0, -1])
def test_every_task_can_be_drawn(task, row):
    fig = task_sample(task, sample(task), row)
    fig.draw_without_rendering()
    assert 0.5 < fig.get_figheight() < 6


@pytest.mark.parametrize(
    "task", [ALL[1], ALL[3], ALL[4], ALL[6]], ids=lambda task: type(task).__name__
)
def test_symbols_to_be_remembered_are_marked(task):
    batch = sample(task)
    fig = task_sample(task, batch, 1)
    assert marked(fig.axes[0]) == task.clues(batch.inputs)[1].nonzero()[0].tolist()


def test_answers_that_need_memory_are_marked():
    task = tasks.EmbeddedReber()
    batch = sample(task)
    assert marked(task_sample(task, batch, 2).axes[1]) == batch.critical[2].nonzero()[0].tolist()
    copy = tasks.CopyMemory(20)
    assert marked(task_sample(copy, sample(copy)).axes[1]) == list(range(30, 40))


def test_the_answer_is_written():
    adding, order = ALL[2], ALL[4]
    batch = sample(adding)
    assert f"{batch.targets[1, 0]:.2f}" in texts(task_sample(adding, batch, 1))
    batch = sample(order)
    assert order.labels.outputs[batch.targets[1]] in texts(task_sample(order, batch, 1))


def test_a_sentence_shows_clue_answer_and_distance():
    fig = sentence_sample("I grew up in France. Even now I speak fluent ___", "France", "French")
    shown = texts(fig)
    assert "France" in shown and "French" in shown and "___" not in shown
    assert "5 words between France and the blank" in shown


def test_mistakes_get_one_sentence():
    with pytest.raises(ValueError, match=r"^clue is 'Spain'; .*\.$"):
        sentence_sample("I grew up in France. I speak fluent ___", "Spain", "Spanish")
    with pytest.raises(ValueError, match=r"^names has 1 names; the inputs have 2 channels\.$"):
        sequence_sample(np.zeros((3, 2)), ("a",), np.zeros(3, bool), answer="b")
    with pytest.raises(IndexError, match=r"^row is 4; the batch has 4 sequences\.$"):
        task_sample(ALL[1], sample(ALL[1]), 4)


def test_other_legal_successors_are_outlined():
    task = tasks.EmbeddedReber()
    batch = sample(task)
    axes = task_sample(task, batch, 2).axes[1]
    boxes = [p for p in axes.patches if to_hex(p.get_facecolor()) == "#ffffff"]
    found = {(round(p.get_x() + 0.43), round(p.get_y() + 0.42)) for p in boxes}
    assert found == set(zip(*(axis.tolist() for axis in batch.legal[2].nonzero()), strict=True))
