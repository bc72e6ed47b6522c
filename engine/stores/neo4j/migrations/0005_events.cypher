// Events in order of when they happened (at the earliest), and by what they say.

MATCH (e:Event) WHERE e.earliest IS NULL AND e.time IS NOT NULL
CALL (e) { SET e.earliest = e.time.epochMillis * 1000 + e.time.microsecond % 1000 } IN TRANSACTIONS OF 5000 ROWS;
CREATE INDEX event_earliest IF NOT EXISTS FOR (e:Event) ON (e.earliest, e.seq);
CREATE INDEX event_by_type IF NOT EXISTS FOR (e:Event) ON (e.type, e.earliest, e.seq);
CREATE INDEX event_by_biz_step IF NOT EXISTS FOR (e:Event) ON (e.biz_step, e.earliest, e.seq);
CREATE INDEX event_by_disposition IF NOT EXISTS FOR (e:Event) ON (e.disposition, e.earliest, e.seq);
CREATE INDEX event_by_read_point IF NOT EXISTS FOR (e:Event) ON (e.read_point, e.earliest, e.seq);
CREATE INDEX event_by_biz_location IF NOT EXISTS FOR (e:Event) ON (e.biz_location, e.earliest, e.seq);
