"""Sound as PCM: frames, files, codecs, levels. Nothing here knows about calls, clocks or tasks."""
