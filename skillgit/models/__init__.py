"""Models behind ports: the wire formats of their endpoints, the providers, and the embedders."""
