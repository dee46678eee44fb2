"""Networks and agents that more than one lesson uses, each grown in the lesson that its docstring names."""
