// Offers whose arrival is not told are found by a property that no other has.

CREATE INDEX offer_untold IF NOT EXISTS FOR (o:Offer) ON (o.wider, o.site, o.untold);

MATCH (o:Offer)
WHERE o.origin > 0 AND o.untold IS NULL
CALL (o) { SET o.untold = o.earliest } IN TRANSACTIONS OF 5000 ROWS;
