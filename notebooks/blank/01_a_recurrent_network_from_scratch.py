"""A recurrent network is one line and a loop around it.

Untrained, its state already depends on the order of what it reads. A read-out of the
state, fitted by least squares, guesses the next letter of a city: so it invents cities.
Shapes: x (B, T, m), h (B, n), W (m, n), U (n, n), b (n,); all states (B, T, n).
"""

import numpy as np

CITIES = """aberdeen amsterdam antwerp athens barcelona belfast belgrade bergen berlin
bilbao bologna bordeaux bratislava bremen brussels budapest cardiff catania cologne
copenhagen cordoba dortmund dresden dublin dundee edinburgh florence frankfurt geneva
genoa glasgow gothenburg granada grenoble hamburg hanover helsinki istanbul leipzig
lisbon liverpool ljubljana london lyon madrid malaga manchester marseille milan munich
murcia nantes naples nuremberg odessa oslo ostrava oxford palermo paris plymouth porto
prague riga rome rotterdam salzburg sarajevo seville sofia stockholm stuttgart tallinn
toulouse turin valencia venice verona vienna vilnius warsaw zagreb zurich""".split()
LETTERS = ".abcdefghijklmnopqrstuvwxyz"  # a dot stands before a name and behind it


def step(x, h_prev, W, U, b):
    return np.tanh(x @ W + h_prev @ U + b)


def rnn(x, W, U, b):
    h, states = np.zeros((len(x), len(U))), []
    for t in range(x.shape[1]):
        h = step(x[:, t], h, W, U, b)
        states.append(h)
    return np.stack(states, axis=1)


def one_hot(text):
    return np.eye(len(LETTERS))[[LETTERS.index(letter) for letter in text]]


if __name__ == "__main__":
    unit, u = np.eye(1), 0.5
    click = rnn(np.array([[[1.0], [0.0], [0.0]]]), unit, u * unit, np.zeros(1))
    print("One unit hears a click, then silence:", *click.ravel().round(2))
    rng, m, n = np.random.default_rng(0), len(LETTERS), 200
    W, b = rng.normal(size=(m, n)), np.zeros(n)
    U = 0.9 * np.linalg.qr(rng.normal(size=(n, n)))[0]
    for word in ("rat", "art", "tar"):  # one sum of letters, three states
        print(f"{word}:", *rnn(one_hot(word)[None], W, U, b)[0, -1, :3].round(1))
    h = np.concatenate([rnn(one_hot("." + city)[None], W, U, b)[0] for city in CITIES])
    y = np.concatenate([one_hot(city + ".") for city in CITIES])
    V = np.linalg.solve(h.T @ h + np.eye(n), h.T @ y)
    invented = []
    for _ in range(8):
        h, name = np.zeros((1, n)), "."
        while len(name) < 2 or name[-1] != ".":
            h = step(one_hot(name[-1]), h, W, U, b)
            p = np.maximum(h @ V, 0)[0] ** 3  # cubed: the likely far more often
            name += LETTERS[rng.choice(m, p=p / p.sum())]
        invented.append(name.strip(".").title())
    print("Invented:", *invented)
