// The port of named queries.

// name: add
CREATE (q:NamedQuery {name: $name, definition: $definition, created: $created, author: $author})

// name: get
MATCH (q:NamedQuery {name: $name})
RETURN q.name, q.definition, q.created, q.author

// name: after
MATCH (q:NamedQuery)
WHERE q.name > $after
RETURN q.name, q.definition, q.created, q.author
ORDER BY q.name
LIMIT $limit

// name: remove
MATCH (q:NamedQuery {name: $name})
DELETE q
