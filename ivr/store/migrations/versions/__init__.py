"""One module a revision. Each spells its tables out: it must say in ten years what it says today."""
