"""What a skill repository must survive, tried: `python -m benchmarks.torture`."""
