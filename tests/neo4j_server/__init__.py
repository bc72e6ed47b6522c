"""A real Neo4j for tests and developers, without Docker: jars and a Java come in, a server on the loopback goes out."""
