"""The player with a kernel behind it: the same module, as an anywidget."""

from __future__ import annotations

import anywidget
import traitlets

from course_utils.player.bundle import script
from course_utils.player.words import script_in

SHELL = """
export default {
  render({ model, el }) {
    const host = el.appendChild(document.createElement("div"));
    const player = mount(host, model.get("data"));
    player.onmove = (step, backward) => {
      model.set({ step, backward });
      model.save_changes();
    };
    const follow = () => {
      const [step, backward] = [model.get("step"), model.get("backward")];
      if (backward !== player.backward) player.turn(backward);
      if (step !== player.t) player.seek(step);
    };
    model.on("change:step", follow);
    model.on("change:backward", follow);
    player.seek(model.get("step"));
  },
};
"""


class CellWidget(anywidget.AnyWidget):
    """Made by `CellPlayer.widget`: `step` from 1, `backward` for the direction, both ways."""

    _esm = script_in(script()) + SHELL
    data = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(1).tag(sync=True)
    backward = traitlets.Bool(False).tag(sync=True)
