"""Events to flow graph (design §3): one small module a rule or two, composed by `engine.builder.build`.

corrections     which events count, and how surely          rule 14
records         what an event does to each of its items     rules 1, 2
touchings       what events touched, as profiles declare it rule 13
contact         one end of a declared contact               rule 13
sites           where it did so: sites and their places     rule 2, design §2
void            shipments that were declared void           rule 6
consignment     consignments that TransactionEvents give    rule 9
order           the order of records whose times overlap    rule 15
  precedence    which of two comes first in every reading   rule 15
  believed      the orders that are to be believed          rule 15
  position      where a record leaves a thing, what it cost rules 8, 15
line            instances: one line each, a prefix tree     rules 4, 8
  whereabouts   where one is, and where it may be           rules 8, 9c, 15
  rides         what it is in                               rule 5
  line_rows     the rows of its line                        rules 4, 8, 10, 13
journey         what a container lives, for its content     rule 5
riding          instances in containers                     rule 5
load            lots in containers                          rule 5
lot             lots: arrivals and leavings                 rules 1, 2
  lot_contact   what a lot gave and took                    rules 3, 13
join            which departure an arrival comes from       rules 6, 9
stock           one chain of holdings a lot and site        rule 3
least           what of it is left in every reading         rule 3
pool            what may be somewhere                       rules 2, 6, 9c, 11
kin             wider and narrower items                    rule 11
origins         where a lot's goods may be from             rules 2, 5, 6, 9, 11
derive          all of a lot's rows                         rules 3, 6, 9, 10, 11
process         runs that share a transformationID          rule 12
event_vertices  transformations and endings                 rules 7, 12
ids             the names of vertices                       rule 16
closed_set      what must be built anew                     rule 16
build           the pure function of them all
"""
