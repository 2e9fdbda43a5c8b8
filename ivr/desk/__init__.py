"""The hotel's own business, without audio: wake-up calls and rooms."""
