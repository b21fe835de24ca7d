"""Events to incidents: which reports tell of the same happening, and its toll. Pure: time is an argument."""
