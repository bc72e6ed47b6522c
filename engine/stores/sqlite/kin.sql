-- The kin port: offers of narrower items, and until when they may be concerned.

-- name: forget_all_offers
DELETE FROM offer

-- name: forget_all_holders
DELETE FROM holder

-- name: forget_offers
DELETE FROM offer WHERE owner = ?

-- name: forget_holder
DELETE FROM holder WHERE owner = ?

-- name: add_offer
INSERT OR IGNORE INTO offer (wider, site, earliest, owner, vertex, latest, event, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?)

-- name: add_holder
INSERT INTO holder (wider, site, until, owner) VALUES (?, ?, ?, ?)

-- name: since
SELECT min(earliest) FROM offer WHERE wider = ? AND site = ?

-- name: untold_since
SELECT min(earliest) FROM offer INDEXED BY offer_untold WHERE wider = ? AND site = ? AND origin > 0

-- name: offers
SELECT DISTINCT vertex, place.key, earliest, latest, event, origin FROM offer LEFT JOIN item AS place ON place.id = site
WHERE wider = ?
ORDER BY vertex, site

-- name: sought
SELECT DISTINCT vertex, place.key, earliest, latest, event, origin
FROM offer INDEXED BY offer_untold LEFT JOIN item AS place ON place.id = site
WHERE wider = ? AND origin > 0 AND origin = 2
ORDER BY vertex, site

-- name: sought_at
SELECT DISTINCT vertex, place.key, earliest, latest, event, origin
FROM offer INDEXED BY offer_untold LEFT JOIN item AS place ON place.id = site
WHERE wider = ? AND site = ? AND origin > 0 AND origin = 2
ORDER BY vertex

-- name: owners_of_offers
SELECT DISTINCT item.key FROM offer JOIN item ON item.id = owner
WHERE wider = ? AND site IN (?, ?) AND earliest BETWEEN ? AND ?

-- name: owners_bearing
SELECT item.key FROM holder JOIN item ON item.id = owner WHERE wider = ? AND site = ? AND until >= ?
