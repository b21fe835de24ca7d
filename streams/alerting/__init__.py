"""Incidents to alerts: rules, thresholds and what was said before. Pure: time is an argument."""
