"""From a transcript to a decision: extract, decide, edit, commit."""
