"""Words or keys of a caller to a value: pure functions, and the phrases they are made from."""
