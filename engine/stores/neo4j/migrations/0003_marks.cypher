// What readers see is told by a node made after the commit: a server shows a commit in pieces.

CREATE CONSTRAINT mark_position IF NOT EXISTS FOR (m:Mark) REQUIRE (m.position, m.reached) IS UNIQUE;

MATCH (l:Ledger)
WHERE l.position IS NOT NULL
MERGE (m:Mark {position: l.position, reached: coalesce(l.reached, 0)})
SET m.hash = l.hash, m.accepted = l.accepted;
