# %% [markdown]
# # 04 · The LSTM, gate by gate
#
# Nobody invented the LSTM in one piece. It grew, and for each part its authors name a failure of the version
# before. This lesson goes the same way: we build a memory, break it, and mend it.
#
# ## What you will learn
#
# - Why a memory that is changed only by *adding* keeps a gradient alive. This is the carousel.
# - What each gate is for, and what our own measurements say about it.
# - To write the whole LSTM forward and backward, and to check its gradients by nudging and against Keras.
# - How one number, the bias of the forget gate, decides how far the gradient reaches before training, and what else counts.
# - In what sense $c$ is a long-term memory and $h$ a short-term one.
#
# ## What you need
#
# Lessons 01 to 03: the loop, the way back through time, and gradient against lag.
#
# **Time.** About 45 minutes; its cells run in 50 s.

# %% tags=["setup"]
import numpy as np

from course_utils import plots
from course_utils.cells import LSTM, lstm_gradients
from course_utils.claims import claim
from course_utils.experiments import load
from course_utils.experiments.variants import VARIANTS
from course_utils.plots import show
from course_utils.tasks import ContinualReber, EmbeddedReber
from course_utils.training import Adam, SequenceModel, train

# %% [markdown] right=3
# ## A memory that loses nothing
#
# In the plain RNN, the way back through one step is a multiplication, by $U$ and by the slope of tanh. A hundred steps
# are a hundred multiplications, and often hardly anything survives them: lesson 03 measured it.
#
# **Question.** What would the update of a state have to look like, so that the gradient comes back unchanged?
#
# The factor for one step is $\partial c_t / \partial c_{t-1}$. To make it 1, the old state must go into the new one as it is.
# Something is added to it, the **candidate** $g$, and $g$ looks at the input alone:
#
# $$c_t = c_{t-1} + g_t \qquad g_t = \tanh(x_t W + b) \qquad\Rightarrow\qquad \frac{\partial c_t}{\partial c_{t-1}} = 1$$
#
# Shapes, here and in all of this lesson: $x_t$ is (B, m), the states are (B, n), $W$ is (m, n), $U$ is (n, n), $b$ is (n,).
#
# **Predict.** We push the first unit of $c$ by a millionth and let 100 inputs go by. How much of the push is left?
#
# - less than a thousandth of it
# - about a half
# - all of it

# %% [markdown] slide="question" minutes=2
# ## What must an update look like, so that the gradient comes back unchanged?
#
# In the plain RNN a step back is a multiplication, by $U$ and by the slope of tanh.
#
# Notes: Lesson 03 measured the damage: a factor per step, a hundred times over. Let them propose. Someone
# will say "do not multiply", and that is the answer.
# Ask: which operation has the derivative 1?

# %% [markdown] slide="formula" minutes=2
# ## What is only added to passes a gradient on whole
#
# $$c_t = c_{t-1} + g_t \qquad\Rightarrow\qquad \frac{\partial c_t}{\partial c_{t-1}} = 1$$
#
# The *constant error carousel* of Hochreiter and Schmidhuber, 1997
#
# Notes: $g$ is the candidate: what is to be written. Here it looks at the input alone, so the derivative
# really is 1. An error that sits on this loop rides round and round and stays what it was. Ask before the next
# slide: an RNN that keeps 0.9 a step, what has it left after 100?

# %%
rng = np.random.default_rng(0)
m, n = 3, 5
x, W, b = rng.normal(size=(100, m)), rng.normal(size=(m, n)), rng.normal(size=n)


# %%
def carousel(c):
    for x_t in x:
        c = c + np.tanh(x_t @ W + b)
    return c


# %%
push = np.array([1e-6, 0, 0, 0, 0])
left = (carousel(push) - carousel(0 * push)) / 1e-6
print("carousel:", np.abs(left.round(3)))
print("RNN that keeps 0.9 a step:", f"{0.9**100:.5f}")

# %% [markdown] slide="bars" minutes=2
# ## After 100 steps the carousel has lost nothing
#
# - carousel: 1
# - RNN that keeps 0.9 a step: 0.00003
#
# Notes: 0.9, 100 times over, is 3 of 100,000. This solves the problem of lesson 03, and makes new ones.

# %% [markdown]
# All of it, and no other unit has noticed. Hochreiter and Schmidhuber (1997) called this the *constant error carousel*: an
# error that sits on it rides round and round and stays what it was.
#
# A candidate that looks at the input alone cannot react to what is stored. So let $g$ see the state: $g_t = \tanh(x_t W + c_{t-1} U + b)$.
# Now there are two ways back,
#
# $$\frac{\partial c_t}{\partial c_{t-1}} = 1 + \mathrm{diag}(1 - g_t^2)\, U^\top \qquad \text{(n, n); the 1 is the unit matrix}$$
#
# The first way is the carousel. The second, through $U$ and tanh, is that of the plain RNN, with all its faults; but it is added to the 1, it does not
# replace it. Whatever we build from now on, we watch what becomes of that 1.

# %% [markdown] right=3
# ## It writes down everything: the input gate
#
# Let us use the carousel as a memory. At step 1 comes a number to be kept, 0.8. Then come 29 steps of noise. There is one
# unit, and the candidate is just the input.
#
# **Predict.** What will $c$ be at the end?
#
# - 0.8
# - about 0.8
# - something else

# %% [markdown] slide="predict" minutes=2
# ## We keep 0.8, then add 29 steps of noise. What is $c$ at the end?
#
# - 0.8
# - about 0.8
# - something else
#
# Answer: Something else: the noise is added too.
#
# Notes: Hands up for each. There is one unit, and the candidate is just the input. Noise of size 0.5 grows
# like the square root of the number of steps, to about 2.7.

# %%
noise = np.random.default_rng(0).normal(0, 0.5, 29)
message = np.r_[0.8, noise]
c = np.cumsum(message)
print(f"kept at step 1: {c[0]:.1f}   at step 30: {c[-1]:.1f}")

# %% [markdown]
# Something else: even the sign is lost. What is only added is added every time, the noise too. After $T$ steps the noise has grown to about
# $0.5\sqrt{T}$, here 2.7, and the 0.8 is lost in it.
#
# So there must be something that decides what is written: a number $i$ between 0 and 1, for each unit and each step. That is
# the **input gate**.
#
# $$c_t = c_{t-1} + i_t \cdot g_t \qquad i_t = \sigma(x_t W_i + c_{t-1} U_i + b_i)$$
#
# The dot multiplies unit by unit. The sigmoid $\sigma$ is near 0 for numbers well below zero and near 1 for numbers well above it, so it works like
# a valve. Let a second input say *keep this* at step 1, with a weight that opens the valve, and a bias that shuts it otherwise.


# %%
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# %%
keep_this = np.r_[1.0, np.zeros(29)]
i = sigmoid(16 * keep_this - 8)
c = np.cumsum(i * message)
print(f"kept at step 1: {c[0]:.2f}   at step 30: {c[-1]:.2f}")

# %% [markdown] slide="formula" minutes=2
# ## The input gate decides what is written
#
# $$c_t = c_{t-1} + i_t \cdot g_t$$
#
# $$i_t = \sigma(x_t W_i + c_{t-1} U_i + b_i)$$
#
# Well below zero $\sigma$ is near 0, well above it near 1: a valve.
#
# Notes: A gate is a small network of its own: it looks at the input and at the last state and says a number
# between 0 and 1 for each unit. That state is $c_{t-1}$ here, the only one so far; from the output gate on it
# is $h_{t-1}$. In the lesson the gate was set by hand. Ask: what would a network have to find out to do this
# by itself?

# %% [markdown]
# ## Everybody hears it: the output gate
#
# The state is also what the other units, and the gates themselves, read at every step. Our 0.8 is wanted once, at the end. At
# each of the steps before, Hochreiter and Schmidhuber argue, it disturbs whatever reads it. So they put a second valve behind the memory, the
# **output gate** $o$:
#
# $$h_t = o_t \cdot \tanh(c_t)$$
#
# Now there are two states. The long-term memory $c$ is kept, and the short-term state $h$ is what is shown of it. From here on $h_{t-1}$ is what
# the gates and the candidate see.

# %%
asked = np.r_[np.zeros(29), 1.0]
o = sigmoid(16 * asked - 8)
h = o * np.tanh(c)

# %%
show(
    plots.gate_panels(
        {
            "Written once": {"i": i},
            "Kept": {"c": c},
            "Read once": {"o": o, "h": h},
        }
    ),
    alt="Three narrow panels over 30 steps. The input gate is 1 at step 1 and 0 after. "
    "The cell state c is 0.8 throughout. The output gate and the state h are 0 until "
    "step 30, where o rises to 1 and h to about 0.66.",
)

# %% [markdown] slide="figure" minutes=3 crop="0 0 100 27.8, 0 31.6 100 58, 0 61.8 100 92.2" alt="Three panels over 30 steps: the input gate is open at the first step only, the cell state stays at 0.8, and the output gate opens at the last step, where h rises."
# ## Behind a second valve, the memory is silent until it is asked
#
# $$h_t = o_t \cdot \tanh(c_t)$$
#
# Notes: $c$ is kept, $h$ is what is shown of it now. Read the panels one after the other. At the end h is 0.66,
# not 0.8. Ask why: the tanh. From here on gates and candidate read $h_{t-1}$ in place of $c_{t-1}$: each has its
# own part of $a = x_t W + h_{t-1} U + b$; the gates take the sigmoid of theirs, the candidate the tanh.

# %% [markdown]
# $h$ is silent until it is asked; what is then read is $\tanh(0.8) = 0.66$. As code, a step of this cell has five lines. All sums stand side by side, so that one
# product makes them: $W$ is (m, 3n), $U$ is (n, 3n), $b$ is (3n,).


# %%
def step_of_1997(x, h_prev, c_prev, W, U, b):
    a_i, a_g, a_o = np.split(x @ W + h_prev @ U + b, 3, axis=1)
    i, g, o = sigmoid(a_i), np.tanh(a_g), sigmoid(a_o)
    c = c_prev + i * g
    return o * np.tanh(c), c


# %% [markdown]
# Does it need the output gate? The authors name a task where it helps: *embedded Reber* strings. One walks along the arrows of this graph and
# writes down their letters. The inner part says nothing about the T or P at the beginning; yet the same letter must come again
# at the end.

# %%
show(
    plots.reber_graph(),
    alt="A graph of nodes and lettered arrows. From the left: B, then T or P in "
    "purple, then B into a frame with Reber's grammar, whose nodes are 0 to 6. T leads "
    "from 0 to 1, P from 0 to 2, S from 1 back to 1, X from 1 to 3, T from 2 back to "
    "2, V from 2 to 4, X from 3 to 2, S from 3 to 5, P from 4 to 3, V from 4 to 5, E "
    "from 5 to 6. Behind the frame comes the same letter as at the beginning, in "
    "purple, and E.",
)

# %%
ARROWS = {0: "T1 P2", 1: "S1 X3", 2: "T2 V4", 3: "X2 S5", 4: "P3 V5", 5: "E6"}


def reber(rng):
    node, letters = 0, ""
    while node != 6:
        letter, node = rng.choice(ARROWS[node].split())
        letters, node = letters + letter, int(node)
    outer = rng.choice(["T", "P"])
    return f"B{outer}B{letters}{outer}E"


# %%
our_strings = [reber(rng) for _ in range(1000)]
print(*our_strings[:4])

# %%
task = EmbeddedReber()
their_strings = {text + "E" for text in task.strings(task.sample(1000, rng))}
claim(
    "Our ten lines and the course's task make the same strings of up to ten letters.",
    identity={one for one in our_strings if len(one) < 11}
    == {one for one in their_strings if len(one) < 11},
)

# %% [markdown] right=2
# At each letter a network must say which letters may come next, half and half where there are two. The loss is a cross-entropy: at best 0.44, without the T or P 0.50, and *learnt* is below 0.45. We gave this to small networks: 8 units, with and without output gate ($o = 1$, so
# that $h = \tanh(c)$), two learning rates, five seeds each. These 20 runs are stored with the course. They have today's full gradient and
# optimizer, and a forget gate, which comes next.
#
# **Predict.** How much sooner do the networks with an output gate learn it?
#
# - clearly: twice as fast, or only they learn it at all
# - not clearly: five runs of each kind cannot tell them apart

# %% [markdown] slide="figure" minutes=3
# ## A task where the output gate is said to help: the same letter must come again
#
# Notes: Walk along the arrows with them and write a string on the board. The inner part says nothing about
# the T or P. Then hands up: how much sooner do networks with an output gate learn it? Not clearly sooner: in
# our 20 runs, five seeds of each kind at two rates cannot tell them apart.

# %%
runs = load("output_gate")
learnt = {
    (rate, kind): runs.where(cell=cell, learning_rate=rate)["solved_at"]
    for rate in (0.01, 0.03)
    for kind, cell in {"with": "LSTM", "without": "LSTM without output gate"}.items()
}

# %%
for (rate, kind), steps in learnt.items():
    words = ["never" if np.isnan(one) else f"{one:.0f}" for one in steps]
    print(f"rate {rate}, {kind:7} output gate:", " ".join(f"{one:>5}" for one in words))

# %% [markdown]
# Not clearly. (A column is a seed; *never* is a run that had not learnt it after 1,500 steps.) Where both kinds learn, the networks with the gate are sooner in two seeds of three at 0.01, those **without** it in three of four at
# 0.03, and each kind has a seed or two that never gets there. Hochreiter and Schmidhuber write that without output gates they did not achieve fast learning. With 8 units, today's gradient and optimizer, and these two rates, we do
# not see that. That it never helps, these runs do not show either.


# %% [markdown] slide="output" minutes=2
# ## Steps until learnt: no clear difference in our runs
#
# 8 units, a column for each of five seeds; never: not in 1,500 steps
#
# Notes: The paper of 1997 reports that without output gates learning was not fast. It had another gradient and
# another optimizer. This is a result that did not come out again: say so.

# %% [markdown] right=3
# ## It never forgets: the forget gate
#
# The cell of 1997 solved problems that no recurrent network had solved before. Three years later one of its authors, with two
# others, asked what it cannot do. Gers, Schmidhuber and Cummins (2000) gave it an endless stream: one Reber string after the
# other, and nobody tells the network to begin anew. What was written for the first string is still there in the second, and the
# second is added on top.
#
# They gave the cell a number $f$ between 0 and 1 that says how much of the old $c$ is kept, the **forget gate**. It should have been
# called the keep gate: $f = 1$ keeps all, $f = 0$ forgets all.
#
# $$c_t = f_t \cdot c_{t-1} + i_t \cdot g_t$$
#
# We train networks of 16 units on pieces of 100 letters until their loss on other pieces is below 0.42 (at best 0.41, without the T or P 0.47), three with $f = 1$ and three with a forget gate, from Keras's start (section *One number decides ...* spells it out). Then
# they read 3,000 letters in one go.
#
# **Predict.** Without a forget gate, how large is $c$ after 3,000 letters, compared with $c$ after 100?
#
# - about the same
# - three times
# - about thirty times

# %% [markdown] slide="predict" minutes=3
# ## Without a forget gate, how large is $c$ after 3,000 letters, compared with after 100?
#
# - about the same
# - three times as large
# - about thirty times
#
# Answer: About thirty times: it grows with what it reads.
#
# Notes: Gers, Schmidhuber and Cummins 2000: an endless stream. Strings of letters follow each other, and nobody tells the network
# to begin anew. What was written for the first string is still there in the second.

# %%
task = ContinualReber(100)
stream = ContinualReber(3000).sample(16, np.random.default_rng(7))


def trained(cell, seed, steps=1500):
    layer = cell(16, seed=seed, return_sequences=True)
    model = SequenceModel.for_task(layer, task, seed=seed)
    options = {"optimizer": Adam(0.01), "seed": seed}
    run = train(
        model, task, steps=steps, stop_when=lambda now: now.loss < 0.42, **options
    )
    return model, run.solved_at or np.inf


# %%
cells = {"without": VARIANTS["LSTM without forget gate"], "with": LSTM}
models, took = {}, {}
for kind, cell in cells.items():
    models[kind], took[kind] = zip(*[trained(cell, seed) for seed in range(3)])


# %%
def read(model):
    right = stream.right(model.predict(stream.inputs))
    return right, np.abs(model.layer.trace()["c"]).mean(axis=(0, 2))


rights, sizes = {}, {}
for kind, three in models.items():
    rights[kind], sizes[kind] = zip(*[read(model) for model in three])

# %%
show(
    plots.memory_growth(
        {f"{kind} forget gate": np.array(some) for kind, some in sizes.items()},
        proportional="without forget gate",
    ),
    alt="Mean size of c against the number of letters read, both axes logarithmic, "
    "three lines each. Without a forget gate the lines run parallel to a dotted line "
    "of slope 1 and end between 1,000 and 3,000. With one they stay near 2.",
)

# %% [markdown] slide="figure" minutes=3
# ## Without a forget gate, the memory runs away
#
# Notes: Both axes are logarithmic: a line of slope 1 is growth in proportion to what is read. The next question:
# does it hurt?

# %%
grown = {
    kind: [one[-1] / one[99] for one in some] for kind, some in sizes.items()
}  # from letter 100 to 3,000
claim(
    "Without a forget gate c grows more than tenfold from letter 100 to letter 3,000 "
    "(16 units, rate 0.01, trained on 100 letters, 3 seeds).",
    measured=grown["without"],
    above=10,
    control={"with a forget gate": grown["with"]},
    in_the_spirit_of="Gers, Schmidhuber and Cummins 2000",
)

# %% [markdown] right=1
# About thirty times: it grows in proportion to what it reads, without an end. Does it do harm? We look at the
# letters where the T or P must be known, early and late in the stream. *Right* means that this letter gets the largest of the seven numbers.
#
# **Predict.** Late in the stream, with a $c$ that has grown thirtyfold, how often are the three networks without forget gate right there?
#
# - nearly always
# - about three times in four
# - in half of the cases, as if the T or P were forgotten


# %%
def share(right, first, end):
    return right[:, first:end][stream.critical[:, first:end]].mean()


for kind in cells:
    early = [f"{share(right, 0, 100):.2f}" for right in rights[kind]]
    late = [f"{share(right, 2700, 3000):.2f}" for right in rights[kind]]
    learnt_after = [int(steps) for steps in np.nan_to_num(took[kind], posinf=0)]
    print(f"{kind:7} forget gate: learnt after", *learnt_after, "steps")
    print("    right where T or P is due: early", *early, " late", *late)

# %% [markdown]
# Nearly always, late as well as early: what runs away in $c$ did not spoil the answers of these three. What they pay is time.

# %%
at_end = {kind: [share(r, 2700, 3000) for r in some] for kind, some in rights.items()}
fresh = [trained(cells["without"], seed, steps=1)[0] for seed in range(3)]
claim(
    "Trained until the loss is below 0.42, three networks without forget gate are "
    "right at T or P in more than 0.9 of the last 300 of 3,000 letters (rate 0.01).",
    measured=at_end["without"],
    above=0.9,
    control={"after one training step": [share(read(m)[0], 2700, 3000) for m in fresh]},
)
claim(
    "Without a forget gate that takes more than 450 training steps (16 units, Keras's "
    "start, rate 0.01, 3 seeds).",
    measured=took["without"],
    above=450,
    control={"with a forget gate": took["with"]},
)

# %% [markdown] slide="bars" minutes=3
# ## Without forget gate a cell is right once it has learnt; it learns slowly
#
# - without forget gate: 650 to 1,000 steps
# - with forget gate: 300 to 350 steps
#
# Late, at T or P, both are right nearly always.
#
# Notes: One reads that the network breaks; these three did not. In
# the paper learning goes on along much longer streams, letter by letter; we have not tried that.

# %% [markdown]
# In the paper the learning itself goes on along streams of a hundred thousand letters and more; that we have not tried here.
#
# The gate has a price. The carousel's factor is no longer 1 but $f$. We come back to it.

# %% [markdown] slide="formula" minutes=2
# ## The forget gate makes room, and has a price
#
# $$c_t = f_t \cdot c_{t-1} + i_t \cdot g_t$$
#
# Answer: Straight back along $c$ the factor is no longer 1. It is $f_t$.
#
# Notes: Let them find the price before the next key: what is the derivative straight back along c? We come back to it in
# *One number decides*.

# %% [markdown]
# ## The whole cell
#
# Three gates, one candidate, two states.
#
# $$i, f, o = \sigma(x_t W + h_{t-1} U + b) \quad\text{each with its own } W, U, b \qquad g = \tanh(x_t W_g + h_{t-1} U_g + b_g)$$
#
# $$c_t = f \cdot c_{t-1} + i \cdot g \qquad h_t = o \cdot \tanh(c_t)$$

# %%
show(
    plots.cell_diagram("LSTM"),
    alt="One LSTM cell. The cell state c runs along the top as a thick line: it is "
    "multiplied by the forget gate f, and the candidate g times the input gate i is "
    "added. Below, tanh of c times the output gate o becomes the state h.",
)

# %% [markdown] slide="figure" sheet="figure" minutes=3 crop="0 0 100 79" alt="The LSTM: on the thick line the cell state c is multiplied by the forget gate f, and the input gate i times the candidate g is added. Below, tanh of c times the output gate o is the state h."
# ## Three gates, one candidate, two states
#
# Notes: Follow the thick line first: times f, plus i times g, and out. Then the way down: tanh, times o, and
# h. Nothing else is in the cell. Ask: on which wire is no matrix?

# %% [markdown]
# In Keras the four blocks stand side by side in the order $i, f, g, o$ (Keras calls $g$ *c*). Forward, one step; `h_prev` and `c_prev` are $h_{t-1}$ and $c_{t-1}$:


# %%
def step(x, h_prev, c_prev, W, U, b):  # W (m, 4n), U (n, 4n), b (4n,)
    a_i, a_f, a_g, a_o = np.split(x @ W + h_prev @ U + b, 4, axis=1)
    i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c, (i, f, g, o, c_prev, c)


# %% [markdown] slide="code" minutes=3 lines="2-5"
# ## Forward, the code is the equations
#
# Notes: Keras's order of the blocks is i, f, g, o; Keras calls g "c". Ask: which line would you change to
# get the cell of 1997?

# %% [markdown]
# Backward, one step, from the bottom of the forward step to its top. What arrives is `dh` and `dc`, the gradients of the loss with
# respect to $h_t$ and $c_t$. The state $c$ has two readers, $h$ and the next step, so what comes back from both is added, as in lesson 02.
# The slope of a sigmoid, like that of tanh, can be computed from its output: where $i = \sigma(a)$, it is $i\,(1 - i)$.


# %%
def step_back(dh, dc, i, f, g, o, c_prev, c):
    do = dh * np.tanh(c)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    di, df, dg = dc * g, dc * c_prev, dc * i
    da = (di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o))
    return np.concatenate(da, axis=1), dc * f


# %% [markdown] slide="code" minutes=3 lines="2-4 6"
# ## Backward, the line that matters is the last: `dc * f`
#
# Notes: Read it from the bottom of the forward step to its top. No matrix, no slope of tanh on the way from
# dc to dc_prev; only the gate.

# %% [markdown]
# The last line is the carousel: `dc * f` goes back to $c_{t-1}$. No matrix, no slope of tanh; only the gate. The loops around the two steps are those of
# lesson 02, with two states. `da` is (B, 4n), and from it come all the rest.


# %%
def forward(x, h, c, W, U, b):
    states, kept = [h], []
    for t in range(x.shape[1]):
        h, c, gates = step(x[:, t], h, c, W, U, b)
        states.append(h)
        kept.append(gates)
    return states, kept


# %%
def backward(x, states, kept, dh, U):
    dW, dU, db, dc, along_c = 0, 0, 0, 0, []
    for t in reversed(range(x.shape[1])):
        da, dc = step_back(dh, dc, *kept[t])
        dW, dU = dW + x[:, t].T @ da, dU + states[t].T @ da
        db = db + da.sum(axis=0)
        dh = da @ U.T
        along_c.append(dc)
    return [dW, dU, db, dh, dc], along_c


# %% [markdown] right=3
# **Predict.** These loops, against Keras, with the same weights and a loss that is the sum of the last $h$. Do they agree?
#
# - forward only
# - backward too, to 3 decimals
# - backward too, all five gradients, to 12 decimals

# %%
B, T, m, n = 2, 4, 3, 5
x, h0, c0 = rng.normal(size=(B, T, m)), rng.normal(size=(B, n)), rng.normal(size=(B, n))
W, U, b = (rng.normal(size=size) for size in ((m, 4 * n), (n, 4 * n), 4 * n))

states, kept = forward(x, h0, c0, W, U, b)
by_loops, _ = backward(x, states, kept, np.ones((B, n)), U)

# %% [markdown]
# Two judges. The first knows no chain rule: **nudge** one weight up, then down, run forward each time, and see by how much the loss moved.


# %%
def loss(*weights):
    return forward(x, h0, c0, *weights)[0][-1].sum()


def nudged(which, e=1e-6):  # 0 for W, 1 for U, 2 for b
    slopes = np.zeros_like([W, U, b][which])
    for place in np.ndindex(slopes.shape):
        change = np.zeros_like(slopes)
        change[place] = e
        up, down = [W, U, b], [W, U, b]
        up[which], down[which] = up[which] + change, down[which] - change
        slopes[place] = (loss(*up) - loss(*down)) / (2 * e)
    return slopes


# %%
for which, name in enumerate(["W", "U", "b"]):
    slopes = by_loops[which]
    off = np.abs(nudged(which) - slopes).max()
    print(f"d{name}: {slopes.size:3} slopes, as nudged to 7 decimals: {off < 1e-7}")

# %% [markdown]
# The second judge is Keras, which gives all five gradients, to more decimals.

# %%
from course_utils.keras_bridge import keras, tf

layer = keras.layers.LSTM(n, dtype="float64")
layer.build(x.shape)
layer.set_weights([W, U, b])

# %%
first_states = [tf.constant(h0), tf.constant(c0)]
with tf.GradientTape() as tape:
    tape.watch(first_states)
    h_keras = layer(tf.constant(x), initial_state=first_states)
by_keras = tape.gradient(h_keras, [*layer.trainable_weights, *first_states])

# %%
by_name = lstm_gradients(x, W, U, b, h0, c0, dh=np.ones((B, n)))
by_package = [by_name[name] for name in ("W", "U", "b", "h0", "c0")]


def apart(ones, others):
    return max(np.abs(one - np.asarray(two)).max() for one, two in zip(ones, others))


# %%
claim(
    "The loop's last h is Keras's, and its gradients of W, U, b and both first states "
    "are Keras's and the package's, to 12 decimals.",
    identity=max(
        apart([states[-1]], [h_keras]),
        apart(by_loops, by_keras),
        apart(by_loops, by_package),
    )
    < 1e-12,
)

# %% [markdown] slide="bars" minutes=2
# ## It is Keras's LSTM, forward and backward
#
# - last state: 12 decimals
# - all five gradients: 12 decimals
#
# Notes: Run these cells now, if the room has the notebook open. Twelve decimals in float64: not "about the
# same".

# %% [markdown]
# Backward too. What became of the 1? $c_{t-1}$ is read twice, by $c_t$ directly, and through $h_{t-1}$ by the gates and the candidate. Written out, with
# $\text{shown} = o_{t-1}\,(1 - \tanh^2 c_{t-1})$ for the slope of $h_{t-1}$ in $c_{t-1}$, the whole way back of one step has four terms:
#
# $$\frac{\partial c_t}{\partial c_{t-1}} = D(f) + \big[\, D(g\,i(1-i))\,U_i^\top + D(c_{t-1}\,f(1-f))\,U_f^\top + D(i\,(1-g^2))\,U_g^\top \,\big]\, D(\text{shown})$$
#
# $D$ is the diagonal matrix of a vector. The first term is the carousel, a number for each unit. The other three go through $h$, a matrix and two slopes each, as in the plain RNN. (Over more steps, $h$ goes back through the output gate too.)

# %%
U_i, U_f, U_g, _ = np.split(U.T, 4)  # each block transposed, (n, n)
o_before = kept[1][3][0]
i, f, g, _, c_prev, _ = (v[0] for v in kept[2])  # one sequence, step 3: (n,) each

# %%
through_h = (g * i * (1 - i))[:, None] * U_i
through_h += (c_prev * f * (1 - f))[:, None] * U_f + (i * (1 - g**2))[:, None] * U_g
shown = o_before * (1 - np.tanh(c_prev) ** 2)
whole = np.diag(f) + through_h * shown

# %%
da, direct = step_back(np.zeros((n, n)), np.eye(n), *(v[0] for v in kept[2]))
claim(
    "The four terms are what a step back carries from each unit of c to each of the "
    "step before, to 12 decimals.",
    identity=apart([whole], [direct + (da @ U.T) * shown]) < 1e-12,
)

# %% [markdown]
# **What was different in 1997.** The cell of Hochreiter and Schmidhuber had no forget gate, and more: several memories shared their gates, the gates saw each other, their biases began between −1 and −6, so that
# they were shut, and where we write tanh it had stretched sigmoids. Above all, the gradient was *truncated*: only the first term, the 1, was followed back through time, so that the error really was constant. The
# full gradient, with all four terms, came with Graves and Schmidhuber (2005).
#
# **Variants** change a line or two of `step`:
#
# | variant | lines |
# |---|---|
# | no forget gate, 1997 | `c = c_prev + i * g` |
# | no output gate | `h = np.tanh(c)` |
# | coupled gates | `f = 1 - i` |
# | peepholes (Gers and Schmidhuber 2000) | `a_i, a_f = a_i + p_i * c_prev, a_f + p_f * c_prev`, and, once `c` is known, `a_o = a_o + p_o * c` |
#
# Greff and others (2015) compared these and four more in thousands of runs; none was clearly better than the whole cell, theirs with peepholes, and without forget gate, or without the tanh behind $c$, it was clearly worse. The course has them in `course_utils.experiments.variants`.

# %% [markdown] right=1
# ## Watch it work
#
# Below are the three cells of the course with real numbers in them, 32 units each, untrained. The input is one click and then noise. Press
# play, or step with the arrow keys. The strip below each cell shows what the click has changed in its memory: the difference between the states with a click and
# with its opposite. Then switch to the **backward pass**: the wider a wire, the more of the gradient it carries, on a logarithmic scale.
#
# **Predict.** Going back from step 40 to step 1, in which of the cells will the stream have dried up?
#
# - only in the RNN
# - in RNN and GRU
# - in all three

# %%
from course_utils.player import cell_player

player = cell_player()
player

# %% [markdown] slide="player" minutes=5
# ## Watch which wires still carry a gradient
#
# Notes: Play forward first: one click, then noise. Then "Backward pass": the wider a wire, the more gradient,
# on a logarithmic scale. Ask before: in which cell will the stream have dried up? Then choose Keras's
# defaults: there 9e-5 is left on c, of 0.12. Tab and the arrow keys work the player; Escape gives the keys
# back to the slides, Page Down always moves on.

# %%
show(
    player.figure(backward=True),
    alt=player.data["scenes"][0]["captions"]["backward"],
)

# %% [markdown]
# Only in the RNN: it has no road but that through $U$ and tanh. In the LSTM, 39 steps back, 0.12 arrives on $c$ and 0.002 on
# $h$ (the drawing is logarithmic). The GRU, the subject of lesson 06, keeps it too. The gates were opened for this scene (*chrono*: large forget biases, and input biases their negatives). Choose *Keras's defaults* in the player and look
# again: there $9 \cdot 10^{-5}$ is left of the 0.12.

# %% [markdown] right=3
# ## One number decides how far the gradient reaches
#
# The carousel lets through $f$ at every step, so $f^k$ after $k$ steps. Before training, $f$ is about $\sigma(b_f)$: that is 0.50 for a forget bias of 0, 0.73 for 1, 0.88
# for 2 and 0.95 for 3. All else is **Keras's start**: $W$ evenly drawn within $\pm\sqrt{6 / (m + 4n)}$, $U$ with rows at right angles and of length 1, and $b$ zero but for ones in the block of $f$. The 8 inputs of our
# 32 units are noise of size 1. Our own `backward` has kept what rides along $c$.
#
# **Predict.** How much of a gradient on $c$ survives 90 steps with a forget bias of 0? (Guess it for a bias of 3, too.)
#
# - a tenth
# - a millionth
# - less than that

# %% [markdown] slide="predict" minutes=2
# ## Forget bias 0: what is left of a gradient after 90 steps?
#
# - a tenth
# - a millionth
# - less than that
#
# Answer: Far less. Before training $f$ is about 0.50, each step.
#
# Notes: Before training f is about sigma of the bias: 0.50, 0.73, 0.88 for 0, 1 and 2. Keras starts at 1.


# %%
def start(m, n, rng, forget_bias=1):
    limit = np.sqrt(6 / (m + 4 * n))
    W = rng.uniform(-limit, limit, (m, 4 * n))
    U = np.linalg.qr(rng.normal(size=(4 * n, n)))[0].T
    return W, U, np.repeat([0.0, forget_bias, 0, 0], n)


def curve(bias, seed, size=1, U_times=1, m=8, n=32):
    rng = np.random.default_rng(seed)
    W, U, b = start(m, n, rng, bias)
    x, dh = size * rng.normal(size=(16, 91, m)), rng.normal(size=(16, n))
    none, U = np.zeros((16, n)), U_times * U
    _, along_c = backward(x, *forward(x, none, none, W, U, b), dh, U)
    sizes = np.array([np.linalg.norm(dc, axis=1).mean() for dc in along_c])
    return sizes / sizes[0]


# %%
curves, alone = {}, {}
for bias in (0, 1, 2, 3):
    curves[f"bias {bias}"] = np.stack([curve(bias, seed) for seed in range(5)])
    alone[f"bias {bias}"] = sigmoid(bias) ** np.arange(91.0)

# %%
show(
    plots.carried_along(curves, alone, floor=1e-28),
    alt="Gradient along c against the lag, logarithmic, for forget biases 0 to 3, all "
    "nearly straight lines. Bias 0 falls to about 1e-20 at lag 90, bias 1 to about "
    "1e-8, bias 2 to a few hundredths, bias 3 grows a little. The dashed lines of the "
    "carousel alone lie below, for bias 0 by eight powers of ten at the end.",
)

# %% [markdown] slide="figure" minutes=4
# ## The forget bias decides how far the gradient reaches
#
# Untrained, 32 units, 8 inputs of size 1. What cures is an open gate.
#
# Notes: At 90 steps: 1e-20, 1e-8, a few hundredths, and for 3 more than at the start. Dashed is f alone, for
# bias 1 0.73 a step. What lies above it came through h, by U: with it a step leaves 0.60, 0.82
# and 0.96 for bias 0, 1 and 2, measured over 90 steps of random inputs. (The 0.85 of lesson 03 is a cell at rest,
# with no input: 0.73 and an eighth.) The LSTM as such does not cure vanishing gradients: Keras starts at 1, and for
# long memories one opens the gate wider from the start; lesson 05 does.


# %%
def after_90(bias, **change):  # five seeds
    return np.array([curve(bias, seed, **change)[-1] for seed in range(5)])


for bias in (0, 1, 2, 3, 5):
    left = [np.median(after_90(bias, U_times=u)) ** (1 / 90) for u in (1, 0)]
    print(f"bias {bias}: a step leaves {left[0]:.2f}, with U = 0 {left[1]:.2f}")

# %%
changes = {"inputs x 4": {"size": 4}, "1 input": {"m": 1}, "64 inputs": {"m": 64}}
changes |= {"8 units": {"n": 8}, "128 units": {"n": 128}, "U x 1.5": {"U_times": 1.5}}
for name, change in changes.items():
    print(f"bias 2, {name:10}: 90 steps leave {np.median(after_90(2, **change)):.0e}")

# %% [markdown]
# From $10^{-20}$ to nothing lost at all, by one number. The lines lie above the dashed ones for what comes through $U$: with $U = 0$ they would not. That way adds 0.10 a step at a bias of 0, 0.08 at 2, only 0.04 at 5, the least where the gate is most open; but
# multiplied up over 90 steps, with a bias of 0 hardly anything of what arrives came along the carousel alone, and with 5 even more arrives than was sent.
#
# The last rows are a warning. A bias of 2 leaves 0.03 after 90 steps; change one other thing, and it is between a third and $2 \cdot 10^{-6}$, the latter with inputs four times as large: the gates swing wider, and what is shut part of the time carries less. So these numbers are for 8 inputs of size 1, 32 units and Keras's $U$.
#
# So the LSTM as such does not cure vanishing gradients. It makes a cure **possible**: an open gate. Keras's bias of 1 opens it
# to 0.73. For long memories one opens it wider from the start: lesson 05 does so. All this is before training. A network may learn in spite of
# it, and open its gates itself: lesson 07 has such runs.

# %%
claim(
    "Untrained, 32 units, 8 inputs of size 1, Keras's start: with forget bias 2 a step "
    "leaves 0.94 to 0.99 of the gradient along c, over 90 steps (5 seeds).",
    measured=after_90(2) ** (1 / 90),
    above=0.94,
    below=0.99,
    control={"the same with inputs 4 times as large": after_90(2, size=4) ** (1 / 90)},
)

# %% [markdown] right=2
# ## Long-term and short-term
#
# One often reads that $c$ is the long-term memory and $h$ the short-term one. The equations suggest it: $c$ is kept and added
# to, $h$ is made anew at each step. We can ask the networks trained above, on the stream of strings.
#
# **Predict.** From one letter to the next, which of the two changes by the larger part of its size?
#
# - the cell state $c$
# - the state $h$
# - both about equally


# %%
def change_of(state):  # (B, T, n)
    steps = np.linalg.norm(np.diff(state, axis=1), axis=2).mean()
    return steps / np.linalg.norm(state, axis=2).mean()


def traced(model):
    model.predict(stream.inputs[:, :300])
    return model.layer.trace()


traces = [traced(model) for model in models["with"]]
by_letter = {name: [change_of(one[name]) for one in traces] for name in "ch"}

# %%
claim(
    "Trained on the stream with a forget gate, h changes by more than 0.7 of its size "
    "at each letter (3 seeds).",
    measured=by_letter["h"],
    above=0.7,
    control={"c": by_letter["c"]},
)

# %% [markdown]
# (Two vectors of one size that have nothing in common differ by 1.4 times their size.) So $c$ changes more slowly, here; how long each remembers, this does not say. If a task
# asks for nothing but to hold one symbol, $h$ can stand still as well. The names tell what the two states **can** do.

# %% [markdown]
# ## From a blank file
#
# Close this page, open an empty file, and write `step`, `step_back` and the loops around them, check
# the gradients by nudging all weights at once, and measure what the forget gate leaves after ninety steps. NumPy is all you need.
# (All at once: add a tiny random number to every weight. For small nudges effects add up, so the loss must move by the sum of all gradients times their nudges. One run tells that something is wrong, not where.)
#
# Then compare with this program, which needs nothing of the course.
#
# {blank-file}

# %% [markdown]
# ## Recap
#
# - **Carousel**: a state that is only added to passes a gradient on unchanged.
# - **Input gate**: or else all noise is written down. **Output gate**: so that what is kept need not be shown; on the task where it is said to help, our 20 runs show no clear difference.
# - **Forget gate**: without it $c$ grows with all it reads. Our networks learn the stream even so, more slowly.
# - Backward, the line that matters is `dc * f`: the first of four terms.
# - Before training, with 32 units, 8 inputs of size 1 and Keras's $U$, a step leaves 0.60 of the gradient at a forget bias of 0, 0.82 at 1, 0.96 at 2.
# - $c$ can hold for long, $h$ shows what is wanted now.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/04_the_lstm_gate_by_gate.ipynb) has 6 tasks, from bugs in a step and a loop
# to variants of the cell and their way back.
#
# Then [lesson 05](05_inside_the_gates.ipynb) looks into a trained LSTM, for the place where France is kept.
#
# To try on your own: with inputs four times as large less was left. Does the carousel carry less, or what comes through $U$? Set `U_times` to 0 there too.

# %% [markdown] slide="words" minutes=2
# ## Each gate is there because something failed
#
# - **Carousel**: adding keeps a gradient alive
# - **Input gate**: or all noise is written down
# - **Output gate**: what is kept need not be shown
# - **Forget gate**: or the memory grows for ever
#
# Notes: Cover the right halves and let them say why each part is there. Next: lesson 05 looks into a trained
# LSTM.
