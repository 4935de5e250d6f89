"""I grew up in France ... I speak fluent ___: a plain RNN learns it, and forgets it.

In practice 3 to 10 words stand between the country and the blank. Then the country is
moved away. The network: h = tanh(W[word] + h_prev U + b), and a read-out V at the end.
"""

import numpy as np

PAIRS = """France French Germany German Italy Italian Spain Spanish Greece Greek
Poland Polish Hungary Hungarian Sweden Swedish Denmark Danish Turkey Turkish""".split()
LANGUAGES, FRAME = PAIRS[1::2], "I grew up in speak fluent".split()
OTHERS = "my sister loved old clocks we walked along the quiet river after school"
WORDS = PAIRS[::2] + FRAME + OTHERS.split()


def sentences(between, rng, count=64):
    """Word numbers (count, T) and the number of the right language (count,)."""
    language = rng.integers(len(LANGUAGES), size=count)
    words = rng.integers(len(LANGUAGES + FRAME), len(WORDS), size=(count, between + 5))
    words[:, :4] = [WORDS.index(word) for word in FRAME[:4]]
    words[:, 4] = language
    words[:, -3:] = [WORDS.index(word) for word in ("I", "speak", "fluent")]
    return words, language


def forward(words, W, U, b, V):
    h = [np.zeros((len(words), len(U)))]
    for t in range(words.shape[1]):
        h.append(np.tanh(W[words[:, t]] + h[t] @ U + b))
    p = np.exp(h[-1] @ V)
    return h, p / p.sum(axis=1, keepdims=True)


def backward(words, language, h, p, W, U, b, V):
    error = (p - np.eye(len(LANGUAGES))[language]) / len(p)
    dW, dU, db, dV, dh = 0 * W, 0, 0, h[-1].T @ error, error @ V.T
    for t in reversed(range(words.shape[1])):
        da = dh * (1 - h[t + 1] ** 2)
        np.add.at(dW, words[:, t], da)  # adds also where a word comes twice
        dU, db, dh = dU + h[t].T @ da, db + da.sum(axis=0), da @ U.T
    return dW, dU, db, dV


if __name__ == "__main__":
    rng, n = np.random.default_rng(0), 64
    W, V = rng.normal(size=(len(WORDS), n)), rng.normal(size=(n, len(LANGUAGES))) / 8
    weights = [W, np.linalg.qr(rng.normal(size=(n, n)))[0], np.zeros(n), V]
    for _ in range(500):
        words, language = sentences(rng.integers(3, 11), rng)
        gradients = backward(words, language, *forward(words, *weights), *weights)
        weights = [w - 0.1 * dw for w, dw in zip(weights, gradients)]
    for between in (3, 10, 20, 40, 80, 160):
        words, language = sentences(between, rng, 1000)
        said = forward(words, *weights)[1].argmax(axis=1)
        right, after_france = (
            np.mean(said == language),
            LANGUAGES[said[language == 0][0]],
        )
        print(f"{between:3} words between: {right:4.0%} right; France? {after_france}")
