// Entries tell what their author was to the sites of the event (rule 14), and the chain covers it. Those without are
// free, so that nothing has to be changed; a program that does not read it must not write here.
