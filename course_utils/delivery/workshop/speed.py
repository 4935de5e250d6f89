"""Pieces of code that show what a participant's machine can do, each for a process of its own."""

from __future__ import annotations

LOCAL = {"127.0.0.1", "::1", "localhost"}
REFERENCE = 0.5  # seconds for TRAINING on the machine where the lessons were timed
SLOW = 3  # times REFERENCE; for a slower machine a class would have to wait
TRAINING = """
import json, time
from course_utils.cells import SimpleRNN
from course_utils.tasks import TemporalOrder
from course_utils.training import Adam, SequenceModel, train
task = TemporalOrder(length=20)
model = SequenceModel.for_task(SimpleRNN(32, seed=0), task)
start = time.perf_counter()
train(model, task, steps=500, optimizer=Adam(3e-3), seed=0, progress=False)
print(json.dumps([time.perf_counter() - start]))
"""
# Python tells every attempt to reach another machine; what a library does by itself stays unseen.
WATCH = """
import sys
asked = []
def watch(event, arguments):
    if event == "socket.getaddrinfo" or (event == "socket.connect" and len(arguments[1]) > 1):
        asked.append(str(arguments[0] if event == "socket.getaddrinfo" else arguments[1][0]))
sys.addaudithook(watch)
"""
LSTM = """
keras.layers.LSTM(4)(keras.ops.ones((1, 3, 2)))
print(json.dumps([*answer, asked]))
"""
