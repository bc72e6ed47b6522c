"""`suyuan generate`: a realistic chain as EPCIS events, and beside it the truth. In: a size, a seed. Out: files."""
