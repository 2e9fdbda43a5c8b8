"""The examination of speech models: what is asked, over which lines, what was heard, and its tables and pictures."""
