"""The packages of the time as witnesses, in an environment of their own: Theano 1.0.5 and gym 0.26.2."""
