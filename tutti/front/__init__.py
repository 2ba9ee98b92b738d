"""The front door: a home page a role, the menu, what runs and what was sent, the demo world. May enter every room."""
