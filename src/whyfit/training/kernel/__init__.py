"""The compiled kernel: forward and backward written by hand, one network a call.

What every engine holds to, so that one member means the same thing whoever trains it
-------------------------------------------------------------------------------------
**Start.** Dense layer l (0 is the first) draws its weights (units out, units in) from the key (seed, `INIT`, epoch 0,
step l); biases start at zero, the scale of a norm at one, its shift at zero. LSUV then divides each layer's weights
by what the first `MEASURED_ROWS` training rows make of them.

**Layer.** dense → norm (`batch_norm="before"`) → activation → norm (`"after"`) → dropout; the last layer is dense
alone. A dense layer before a norm has no bias: the norm would take it off again.

**Order.** Epochs are counted from 1. The rows of an epoch are `split.train[permutation(key, rows)]` with the key
(seed, `ORDER`, epoch, 0). Batches are consecutive slices; the last may be short; `batch_size=None` is one batch.

**Inputs.** (value − shift)·scale with the member's `Scaling`, 0 where missing. Regression targets are scaled
likewise.

**Embeddings.** Where the network embeds categories, the last features are places in tables, 0 for a missing value; the
numbers there stand behind the plain features. They start standard normal (`whyfit.training.embedding_start`); places
that no training row comes to start, and stay, at zero. Penalties and decay are due on them as on weights.

**Loss.** The mean over the batch, weighted by class where asked: Σ wᵢ·lossᵢ / Σ wᵢ, w the weight of the row's true
class. Cross-entropy and binary cross-entropy take logits. Squared error, absolute error and Huber are means over rows
and outputs (the gradient of squared error is 2(a − y)/(rows·outputs)). Losses are reported in these terms, label
smoothing and class weights included, penalties never. The error is 0-1 (the first largest output wins), or the
squared error in the target's own units, mean over outputs; errors are not weighted.

**Step.** Counted from 0 within an epoch, and t from 1 over all epochs. In this order: gradient of the loss; must be
finite; plus l1·sign(w) + l2·w where decay is due; `clip_value` on each entry; `clip_norm` on the whole: g·min(1,
limit/(norm + 1e-6)); decoupled decay w ← w − rate·decay·w; the rule. Decay is due on weights of dense layers alone,
unless `decay_biases`. A rule for matrices (Muon) has the weights between hidden layers, and Adam at the same rate has
all else. The rate is `learning_rate · rate_factor(...)` of `whyfit.training.schedule`.

**Dropout.** `kept(key, layer, rows, units, rate)` of `whyfit.training.streams`, key (seed, `DROPOUT`, epoch, step),
layer counted over dense layers from 0, rows in the order of the batch; what is kept is divided by (1 − rate).

**Augmentation.** In training batches alone, after scaling, by the numbers of `whyfit.training.draws`, key (seed,
`AUGMENTATION`, epoch, step); at strength 0 nothing is drawn or changed. Curves of training are of augmented rows, and
where rows are mixed, of mixed targets; everything else (stop and score rows, `Final`, vitals) is of plain rows. Class
weights of mixed rows: `whyfit.training.kernel.augment`.

**Norm.** ε = 1e-5. A batch is normalised by its own mean and biased variance; running ones start at 0 and 1 and move
by a tenth, the variance unbiased, as in torch. A batch of a single row has variance 0 and leaves the running ones
alone.

**Stopping.** After each epoch the stop rows are evaluated; the best epoch is the one of strictly lower loss; training
ends when epoch − best ≥ patience. `patience=None` or an empty stop part: all epochs, the last weights.

**Kept network.** `Final` and predictions are full passes in evaluation mode with the kept weights and running
statistics; regression predictions in the target's own units.

**Diverged.** A loss, gradient, weight or value before an activation that is not finite ends the member:
`not_finite:<loss|gradient|weight|activation>:epoch=E:step=S:layer=L` (S within the epoch, L as in
`LayerVitals.name`). Curves hold the epochs that were finished.

**Vitals.** At `sampled_epochs(collect.vitals, epochs)` of `whyfit.training.schedule`, epoch 0 before the first step;
see `whyfit.training.kernel.measure` for each number. Numbers of activations come from all training rows in evaluation
mode; those of gradients from the first `MEASURED_ROWS` training rows, dropout off, norms by that batch and left as
they were.

**Stopping from outside.** The flag is looked at after each step, and within a step after some ten thousand rows are
gathered and between the slabs of a large product; while fresh memory is mapped, after each 64 MB. Measured by hand for
one full batch of 900,000 rows, 64-128-128-10, on a machine that ten processes shared: at most 0.22 s of processor time
from the flag to the end, wherever in the member it was set (1.2 s when the first pass still mapped its memory). No
member is begun after the deadline.
"""
