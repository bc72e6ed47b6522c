"""The specification: what holds of Suyuan, a sentence a test."""
