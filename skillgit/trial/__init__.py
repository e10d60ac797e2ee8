"""A running server, tried from outside: whether it works, and whether what it learns is of use."""
