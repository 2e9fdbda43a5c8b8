"""Making the graph of a speech model: how words sound, the tree of all words, OpenFst's tools, the sums."""
