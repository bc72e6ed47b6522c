// Subscriptions to named queries. They are no part of the ledger.

CREATE CONSTRAINT subscription_id IF NOT EXISTS FOR (s:Subscription) REQUIRE s.id IS UNIQUE;
CREATE INDEX subscription_of IF NOT EXISTS FOR (s:Subscription) ON (s.owner, s.query);
CREATE INDEX subscription_query IF NOT EXISTS FOR (s:Subscription) ON (s.query);
CREATE INDEX subscription_due IF NOT EXISTS FOR (s:Subscription) ON (s.due);
