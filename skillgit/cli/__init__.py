"""The command line: `app` is the table, one module a command, `output` what they print through."""
