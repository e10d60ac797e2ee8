"""The server: a proxy in front of models, whose users get skills that evolve."""
