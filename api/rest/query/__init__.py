"""SimpleEventQuery of EPCIS 2.0 (§8.2.7.1): parameters parsed once into predicates, and run over a ledger."""
