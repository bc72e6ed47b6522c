"""The product systems: their files, codes, recognition and stories."""
