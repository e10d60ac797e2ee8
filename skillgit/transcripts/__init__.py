"""Transcripts of every source in one normal form; nothing here reads a file or a clock."""
