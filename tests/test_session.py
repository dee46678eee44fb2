"""The first and the last call of a lesson, and the environment that importing lib sets."""

import os
import random
import subprocess
import sys

import numpy as np
import pytest

import lib
from lib.session import HEADLINE_MIME


def in_new_process(code: str, **environment: str) -> subprocess.CompletedProcess:
    clean = {key: value for key, value in os.environ.items() if key not in ("TF_CPP_MIN_LOG_LEVEL", "SDL_VIDEODRIVER")}
    return subprocess.run([sys.executable, "-c", code], env=clean | environment, capture_output=True, text=True)


def test_setup_seeds_and_prints_one_line(capsys):
    lib.setup(seed=3)
    first = random.random(), np.random.random()
    lib.setup(seed=3)
    assert first == (random.random(), np.random.random())
    lib.setup(seed=4)
    assert first != (random.random(), np.random.random())
    line = capsys.readouterr().out.splitlines()[0]
    assert line.startswith("Python 3.") and "NumPy" in line and line.endswith("seed 3")


def test_setup_seeds_keras_when_it_is_loaded():
    code = (
        "import lib, keras; lib.setup(5); a = keras.random.normal((2,)); lib.setup(5); b = keras.random.normal((2,));"
    )
    done = in_new_process(code + "print('equal', bool((a == b).numpy().all()))")
    assert "equal True" in done.stdout, done.stderr


def test_setup_refuses_an_unknown_theme():
    with pytest.raises(ValueError, match="choose one of light, dark"):
        lib.setup(theme="pink")


def test_headline_is_a_sentence_and_a_record():
    result = lib.headline("accuracy", "97.5%", "97%", "somebody 2015")
    assert repr(result) == "accuracy: 97.5% (published: 97%; somebody 2015)"
    assert result._repr_mimebundle_()[HEADLINE_MIME]["published"] == "97%"


def test_import_sets_the_defaults_and_what_the_user_set_wins():
    code = "import lib, os; print(os.environ['TF_CPP_MIN_LOG_LEVEL'], os.environ['SDL_VIDEODRIVER'])"
    assert in_new_process(code).stdout == "3 dummy\n"
    assert in_new_process(code, TF_CPP_MIN_LOG_LEVEL="0", SDL_VIDEODRIVER="x11").stdout == "0 x11\n"


def test_pytensor_is_told_of_its_missing_blas_unless_the_user_says_otherwise():
    code = "import lib, os; print(os.environ['PYTENSOR_FLAGS'])"
    assert "blas__ldflags=" in in_new_process(code, PYTENSOR_FLAGS="floatX=float32").stdout
    assert "floatX=float32" in in_new_process(code, PYTENSOR_FLAGS="floatX=float32").stdout
    kept = in_new_process(code, PYTENSOR_FLAGS="blas__ldflags=-lopenblas").stdout
    assert kept.count("blas__ldflags") == 1 and "-lopenblas" in kept


def test_pytensor_runs_plain_python_unless_the_user_says_otherwise():
    code = "import lib, pytensor; print(pytensor.config.linker)"
    assert in_new_process(code, PYTENSOR_FLAGS="").stdout == "py\n"
    assert in_new_process(code, PYTENSOR_FLAGS="linker=numba").stdout == "numba\n"


def test_what_jax_mode_compiles_is_kept_in_one_place():
    code = "import lib, jax; print(jax.config.jax_compilation_cache_dir)"
    assert in_new_process(code, JAX_COMPILATION_CACHE_DIR="/somewhere").stdout == "/somewhere\n"
    without = "import os; os.environ.pop('JAX_COMPILATION_CACHE_DIR', None); " + code
    assert in_new_process(without).stdout.rstrip().endswith("jax")


def test_parallel_tests_use_one_blas_thread_each():
    code = "import lib, os; print(os.environ.get('OPENBLAS_NUM_THREADS'))"
    clean = {"OPENBLAS_NUM_THREADS": "", "PYTEST_XDIST_WORKER": "gw0"}
    assert in_new_process("import os; del os.environ['OPENBLAS_NUM_THREADS'];" + code, **clean).stdout == "1\n"


def test_importing_lib_is_quick_to_start_a_lesson():
    code = (
        "import lib, sys; print([n for n in ('tensorflow', 'keras', 'jax', 'pytensor', 'sklearn') if n in sys.modules])"
    )
    assert in_new_process(code).stdout == "[]\n"


def test_tensorflow_is_imported_and_used_without_a_word_unless_the_user_wants_its_messages():
    code = "from lib.quiet import tensorflow as tf; print(float(tf.reduce_sum(tf.ones(3))))"
    done = in_new_process(code)
    assert (done.stdout, done.stderr) == ("3.0\n", "")
    assert "oneDNN" in in_new_process(code, TF_CPP_MIN_LOG_LEVEL="0", TF_ENABLE_ONEDNN_OPTS="1").stderr


def test_only_the_known_lines_are_kept_back():
    code = (
        "import os; from lib.quiet import without_lines\n"
        "with without_lines(b'harmless'): os.write(2, b'a harmless line\\nsomething else\\n')\n"
        "os.write(2, b'the end\\n')"
    )
    assert in_new_process(code).stderr == "something else\nthe end\n"
