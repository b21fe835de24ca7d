"""Faust at the door: topics in, topics out, delivery, dead letters, state."""
