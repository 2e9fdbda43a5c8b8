"""Making the bundled speech model: text, speech, features, training, export, graph, evaluation."""
