-- What the author of an entry was to the sites of its event (rule 14); of entries without, nobody was bound to these.
ALTER TABLE entry ADD COLUMN attestation TEXT CHECK (attestation IN ('bound', 'stranger'));
