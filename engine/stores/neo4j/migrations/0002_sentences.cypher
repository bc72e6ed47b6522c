// What the graph says in sentences: who operates a site, what was shipped from where to where.
// It is drawn as events and master data come; `suyuan rebuild` draws it for what was there before.

CREATE CONSTRAINT party_id IF NOT EXISTS FOR (p:Party) REQUIRE p.id IS UNIQUE;
CREATE CONSTRAINT shipment_id IF NOT EXISTS FOR (s:Shipment) REQUIRE s.id IS UNIQUE;
