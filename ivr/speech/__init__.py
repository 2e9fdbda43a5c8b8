"""Hearing and speaking: voice detection, endpoints, recognition, synthesis, models."""
