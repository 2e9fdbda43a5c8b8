"""One call from answer to hang-up: session, turn, actions."""
