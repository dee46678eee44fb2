"""Jack's car rental: the model of Sutton and Barto's Example 4.2."""

import math

import numpy as np

MOST_CARS, MOST_MOVED = 20, 5  # cars that a location holds, and that can be moved in a night
MOVES = range(-MOST_MOVED, MOST_MOVED + 1)  # cars taken from the first location to the second, action by action
REQUESTS, RETURNS = (3, 4), (3, 2)  # expected cars a day at the first and the second location
RENT, COST = 10, 2  # dollars for a car rented, and for a car moved


def car_rental_model() -> dict:
    """P[state][action], a list of (probability, next_state, reward, terminated); nothing ever terminates.

    state: 21 · (cars at the first location) + (cars at the second), in the evening.  action: 0 … 10, MOVES[action]
    cars go from the first location to the second overnight. Whoever asks for more cars than there are moves those
    that are there, and cars above 20 at a location leave the business, but are paid for.

    The reward is the expected one of the day: two outcomes with the same next state need no rewards of their own.
    Equal lists are one object, so leave them unchanged.
    """
    size = MOST_CARS + 1
    days = [_day(requests, returns) for requests, returns in zip(REQUESTS, RETURNS, strict=True)]
    next_states = range(size * size)
    chances = {  # of each evening, after a morning with these cars
        (first, second): np.outer(days[0][0][first], days[1][0][second]).ravel().tolist()
        for first in range(size)
        for second in range(size)
    }
    P: dict = {}
    for first in range(size):
        for second in range(size):
            by_move: dict[int, list] = {}
            for wanted in MOVES:
                moved = max(min(wanted, first), -second)
                if moved not in by_move:
                    morning = min(first - moved, MOST_CARS), min(second + moved, MOST_CARS)
                    reward = days[0][1][morning[0]] + days[1][1][morning[1]] - COST * abs(moved)
                    by_move[moved] = [
                        (chance, state, reward, False)
                        for chance, state in zip(chances[morning], next_states, strict=True)
                    ]
            P[first * size + second] = {
                action: by_move[max(min(wanted, first), -second)] for action, wanted in enumerate(MOVES)
            }
    return P


def _day(requests: float, returns: float) -> tuple[np.ndarray, list[float]]:
    """For each number of cars in the morning: the chances of the cars in the evening, and the expected rent."""
    size = MOST_CARS + 1
    chances, rents = np.zeros((size, size)), []
    returned = _poisson(returns, MOST_CARS)
    for cars in range(size):
        rented = _poisson(requests, cars)  # requests beyond the cars that are there are lost
        rents.append(float(RENT * rented @ np.arange(cars + 1)))
        for number, chance in enumerate(rented):
            evening = np.minimum(cars - number + np.arange(size), MOST_CARS)
            np.add.at(chances[cars], evening, chance * returned)
    return chances, rents


def _poisson(mean: float, most: int) -> np.ndarray:
    """The probabilities of 0 … most; the last entry is that of ``most`` or more."""
    chances = np.array([math.exp(-mean) * mean**n / math.factorial(n) for n in range(most + 1)])
    chances[-1] = 1 - chances[:-1].sum()
    return chances
