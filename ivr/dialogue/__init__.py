"""What is said: flows, prompts and the meaning of answers. Imports neither asyncio nor the clock."""
