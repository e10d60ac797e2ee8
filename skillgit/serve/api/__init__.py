"""The skill API: `/v1/skillgit/*`, and `/v1/autoskill/*` in the reference's shapes. `table.py` has every route."""
