"""The words of Suyuan: events, identifiers, vocabularies and the nouns of the graph. Imports nothing of ours."""
