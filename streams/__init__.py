"""Tocsin: reads the world's news as a stream and rings when people are hurt or forces move."""
