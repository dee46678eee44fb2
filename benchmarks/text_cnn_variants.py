"""The text CNN with and without pretrained vectors, two channels and max-norm: accuracies on the dev films."""

import time

from lib.plotting.curves import mean_and_half_interval


def text_cnn_variants() -> None:
    """Dev accuracy of the text CNN's variants on the movie snippets, five seeds each.

    Runs that the table data/pretrained/text-cnn-variants.csv holds already are not made again: delete it to measure all
    of them anew. Each run is written as soon as it is done, so it may be interrupted.
    """
    from lib.models.snippets import split_snippets
    from lib.models.text_cnn_variants import SEEDS, TABLE, VARIANTS, accuracies, add_run, read_runs, run
    from lib.models.word_vectors import imdb_vectors

    print(f"\n{text_cnn_variants.__doc__.splitlines()[0]}")
    done = {(one.variant, one.seed) for one in read_runs()}
    missing = [(variant, seed) for seed in SEEDS for variant in VARIANTS if (variant, seed) not in done]
    if missing:
        encoder, training, dev, _ = split_snippets()
        vectors, start = imdb_vectors(), time.perf_counter()
        for number, (variant, seed) in enumerate(missing, 1):
            made = run(variant, seed, vectors.table(encoder, seed), training, dev)
            add_run(made)
            place = f"{number:2} of {len(missing)}: {variant}, seed {seed}"
            print(f"  {place}: {made.accuracy:.4f}, after {time.perf_counter() - start:.0f} s", flush=True)
    table = accuracies(read_runs())
    for variant, values in table.items():
        mean, half = mean_and_half_interval(100 * values)
        gain, reach = mean_and_half_interval(100 * (values - table["rand"]))
        above = f"   above rand {gain:+5.2f} ± {reach:.2f}" if variant != "rand" else ""
        print(f"  {variant:<12}{mean:6.2f} ± {half:.2f} %{above}")
    print(f"  95 % intervals (Student's t) over {len(SEEDS)} seeds; every run: {TABLE.name}")
