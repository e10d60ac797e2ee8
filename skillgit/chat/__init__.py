"""Conversations of a person with a model that is given skills, and what they teach: one engine for every face."""
