"""The course's environments, known to ``gymnasium.make`` as ``course/<Name>-v0`` once this is imported.

They come without Gymnasium's outer layers: they check what they are given themselves, and a layer takes longer for a
step than they do.
"""

from gymnasium.envs.registration import register

for name, module in {
    "Blackjack": "blackjack",
    "CliffWalking": "cliff_walking",
    "Gambler": "gambler",
    "Gridworld": "gridworld",
    "JumpGridworld": "jump_gridworld",
    "RandomWalk": "random_walk",
    "RecyclingRobot": "recycling_robot",
    "WindyGridworld": "windy_gridworld",
}.items():
    register(
        id=f"course/{name}-v0",
        entry_point=f"lib.envs.{module}:{name}Env",
        order_enforce=False,
        disable_env_checker=True,
    )
