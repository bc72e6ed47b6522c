// The state of a ledger and what is derived from it. Statements end with a semicolon; each may be run again.

CREATE CONSTRAINT event_seq IF NOT EXISTS FOR (e:Event) REQUIRE e.seq IS UNIQUE;
CREATE CONSTRAINT event_key IF NOT EXISTS FOR (e:Event) REQUIRE e.key IS UNIQUE;
CREATE INDEX event_id IF NOT EXISTS FOR (e:Event) ON (e.id);
CREATE INDEX event_accepted IF NOT EXISTS FOR (e:Event) ON (e.accepted);
CREATE INDEX event_transformation IF NOT EXISTS FOR (e:Event) ON (e.transformation_id);
CREATE CONSTRAINT context_digest IF NOT EXISTS FOR (c:Context) REQUIRE c.digest IS UNIQUE;

CREATE CONSTRAINT item_id IF NOT EXISTS FOR (i:Item) REQUIRE i.id IS UNIQUE;
CREATE CONSTRAINT master_key IF NOT EXISTS FOR (m:Master) REQUIRE (m.key, m.seq) IS UNIQUE;

CREATE INDEX offer_owner IF NOT EXISTS FOR (o:Offer) ON (o.owner);
CREATE INDEX offer_wider IF NOT EXISTS FOR (o:Offer) ON (o.wider, o.site, o.earliest);
CREATE INDEX holder_owner IF NOT EXISTS FOR (h:Holder) ON (h.owner);
CREATE INDEX holder_wider IF NOT EXISTS FOR (h:Holder) ON (h.wider, h.site, h.until);

CREATE INDEX row_digest IF NOT EXISTS FOR (r:Row) ON (r.digest);
CREATE INDEX row_opened IF NOT EXISTS FOR (r:Row) ON (r.kind, r.from_seq, r.place, r.digest);
CREATE INDEX row_closed IF NOT EXISTS FOR (r:Row) ON (r.kind, r.to_seq);
CREATE CONSTRAINT shape_digest IF NOT EXISTS FOR (s:Shape) REQUIRE s.digest IS UNIQUE;
CREATE CONSTRAINT part_owner IF NOT EXISTS FOR (p:Part) REQUIRE p.owner IS UNIQUE;
CREATE CONSTRAINT history_digest IF NOT EXISTS FOR (h:History) REQUIRE h.digest IS UNIQUE;
CREATE CONSTRAINT line_item IF NOT EXISTS FOR (l:Line) REQUIRE (l.item, l.from_seq) IS UNIQUE;
CREATE INDEX line_opened IF NOT EXISTS FOR (l:Line) ON (l.from_seq, l.item);
CREATE INDEX line_closed IF NOT EXISTS FOR (l:Line) ON (l.to_seq);

CREATE CONSTRAINT vertex_id IF NOT EXISTS FOR (v:Vertex) REQUIRE v.id IS UNIQUE;
CREATE INDEX vertex_digest IF NOT EXISTS FOR (v:Vertex) ON (v.digest);
CREATE CONSTRAINT site_id IF NOT EXISTS FOR (s:Site) REQUIRE s.id IS UNIQUE;
CREATE INDEX vertex_item IF NOT EXISTS FOR (v:Vertex) ON (v.item);
CREATE INDEX vertex_site IF NOT EXISTS FOR (v:Vertex) ON (v.site);
CREATE INDEX flow_digest IF NOT EXISTS FOR ()-[f:FLOWS_TO]-() ON (f.digest);
CREATE INDEX touch_digest IF NOT EXISTS FOR ()-[f:TOUCHED]-() ON (f.digest);
