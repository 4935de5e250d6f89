"""The animated cells: the drawings of plots, moved by the numbers of real cells."""

from __future__ import annotations

from course_utils.player.player import CellPlayer, cell_player
from course_utils.player.scenes import Scene, scene, scenes

__all__ = ["CellPlayer", "Scene", "cell_player", "scene", "scenes"]
