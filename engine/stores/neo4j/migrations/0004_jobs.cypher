// Capture jobs, each as it was put last. They are no part of the ledger.

CREATE CONSTRAINT job_id IF NOT EXISTS FOR (j:Job) REQUIRE j.id IS UNIQUE;
CREATE INDEX job_created IF NOT EXISTS FOR (j:Job) ON (j.created, j.id);
CREATE INDEX job_finished IF NOT EXISTS FOR (j:Job) ON (j.finished);
