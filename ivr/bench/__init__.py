"""The tester's tools: scenarios, their reports, and figures anyone can measure again."""
