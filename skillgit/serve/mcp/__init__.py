"""The server of the Model Context Protocol: tools to search and to learn, and the Skills extension (SEP-2640)."""
