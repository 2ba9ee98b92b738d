"""Plumbing without music in it: calendar, history, access, letters, runs, tables, charts. A closed list of files."""
