"""Events to flow graph (design §3): one small module a rule or two, composed by `engine.builder.build`.

corrections  which events count, and how surely          rule 14
records      what an event does to each of its items     rules 1, 2
consignment  consignments that TransactionEvents give       rule 9
order        the order of records whose times overlap    rule 15
line         instances: one line each, a prefix tree     rules 4, 8, and riding in containers, rule 5
load         lots in containers                          rule 5
lot          lots: arrivals and leavings                 rules 1, 2
join         which departure an arrival comes from       rules 6, 9
stock        one chain of holdings a lot and site        rule 3
pool         what may be somewhere                       rules 2, 6, 9c, 11
derive       all of a lot's rows                         rules 3, 6, 9, 10, 11
process      runs that share a transformationID          rule 12
contact      what touched what                           rule 13
closed_set   what must be built anew                     rule 16
build        the pure function of them all
"""
