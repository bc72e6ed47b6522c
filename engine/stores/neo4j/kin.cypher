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
MATCH (o:Offer {wider: $wider, site: $site})
USING INDEX SEEK o:Offer(wider, site, earliest)
WHERE o.origin >= $origin AND o.earliest IS NOT NULL
RETURN min(o.earliest)

// name: offers
MATCH (o:Offer {wider: $wider})
USING INDEX SEEK o:Offer(wider, site, earliest)
WHERE o.origin >= $origin AND o.site IS NOT NULL AND o.earliest IS NOT NULL
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
DELETE n
