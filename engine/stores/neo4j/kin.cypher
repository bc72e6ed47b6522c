// The kin port: what narrower items offer, and until when they may be concerned. Derived: the newest state alone.

// name: forget
UNWIND $rows AS owner
CALL (owner) {
    MATCH (o:Offer {owner: owner}) USING INDEX SEEK o:Offer(owner) DELETE o
    UNION ALL
    MATCH (h:Holder {owner: owner}) USING INDEX SEEK h:Holder(owner) DELETE h
}

// name: add_offers
UNWIND $rows AS row
CREATE (o:Offer)
SET o = row

// name: add_holders
UNWIND $rows AS row
CREATE (h:Holder)
SET h = row

// name: since
// The first in the order of the index.
UNWIND $rows AS row
CALL (row) {
    MATCH (o:Offer {wider: row.wider, site: row.site})
    USING INDEX SEEK o:Offer(wider, site, earliest)
    WHERE o.earliest IS NOT NULL
    RETURN o.earliest AS first ORDER BY o.earliest LIMIT 1
}
RETURN row.wider, row.site, first

// name: untold_since
// `untold` is `earliest` where the arrival is not told, and absent elsewhere: so is the node from its index.
UNWIND $rows AS row
CALL (row) {
    MATCH (o:Offer {wider: row.wider, site: row.site})
    USING INDEX SEEK o:Offer(wider, site, untold)
    WHERE o.untold IS NOT NULL
    RETURN o.untold AS first ORDER BY o.untold LIMIT 1
}
RETURN row.wider, row.site, first

// name: offers
MATCH (o:Offer {wider: $wider})
USING INDEX SEEK o:Offer(wider, site, earliest)
WHERE o.site IS NOT NULL AND o.earliest IS NOT NULL
RETURN DISTINCT o.vertex, o.site, o.earliest, o.latest, o.event, o.origin
ORDER BY o.vertex, o.site

// name: sought
MATCH (o:Offer {wider: $wider})
USING INDEX SEEK o:Offer(wider, site, untold)
WHERE o.site IS NOT NULL AND o.untold IS NOT NULL AND o.origin = 2
RETURN DISTINCT o.vertex, o.site, o.earliest, o.latest, o.event, o.origin
ORDER BY o.vertex, o.site

// name: owners_of_offers
MATCH (o:Offer {wider: $wider})
USING INDEX SEEK o:Offer(wider, site, earliest)
WHERE o.site IN $sites AND o.earliest >= $first AND o.earliest <= $last
RETURN DISTINCT o.owner

// name: owners_bearing
MATCH (h:Holder {wider: $wider, site: $site})
USING INDEX SEEK h:Holder(wider, site, until)
WHERE h.until >= $since
RETURN DISTINCT h.owner

// name: clear
MATCH (n:Offer|Holder)
WITH n LIMIT $some
DELETE n
RETURN count(*)
