"""`/v1/autoskill/*`: the same operations, in the shapes of AutoSkill's API, for clients that were written for that.

What differs is what was not safe there: a `user` counts only from a key that may act for others, nobody reads what is
another user's, and no path of the server is taken from a client.
"""
