"""The course's environments, known to ``gymnasium.make`` as ``course/<Name>-v0`` once imported."""

from gymnasium.envs.registration import register

register(id="course/Gridworld-v0", entry_point="lib.envs.gridworld:GridworldEnv")
