"""What people and tools do to skills: a use case each, every one a decision in a commit."""
