// The event port. `e.field` stands for each of the properties type, biz_step, disposition, read_point, biz_location.

// name: in_order
MATCH (e:Event)
WHERE e.earliest >= $since AND e.earliest < $until AND e.seq <= $upto
AND (e.earliest > $time OR (e.earliest = $time AND e.seq > $seq))
RETURN e.earliest, e.seq
ORDER BY e.earliest, e.seq
LIMIT $limit

// name: in_order_back
MATCH (e:Event)
WHERE e.earliest >= $since AND e.earliest < $until AND e.seq <= $upto
AND (e.earliest < $time OR (e.earliest = $time AND e.seq < $seq))
RETURN e.earliest, e.seq
ORDER BY e.earliest DESC, e.seq DESC
LIMIT $limit

// name: of_fact
MATCH (e:Event)
WHERE e.field = $value AND e.earliest >= $since AND e.earliest < $until AND e.seq <= $upto
AND (e.earliest > $time OR (e.earliest = $time AND e.seq > $seq))
RETURN e.earliest, e.seq
ORDER BY e.earliest, e.seq
LIMIT $limit

// name: of_fact_back
MATCH (e:Event)
WHERE e.field = $value AND e.earliest >= $since AND e.earliest < $until AND e.seq <= $upto
AND (e.earliest < $time OR (e.earliest = $time AND e.seq < $seq))
RETURN e.earliest, e.seq
ORDER BY e.earliest DESC, e.seq DESC
LIMIT $limit

// name: next_value
MATCH (e:Event)
WHERE e.field > $after AND e.seq <= $upto
RETURN e.field
ORDER BY e.field
LIMIT 1

// name: accepted_since
// Clocks may have gone back: the first of those accepted then, not the earliest.
MATCH (e:Event)
WHERE e.accepted >= $accepted AND e.seq <= $upto
RETURN min(e.seq)
