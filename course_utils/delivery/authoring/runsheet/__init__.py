"""A plan of docs/teach on two pages: when, which slides, who does what, what goes wrong."""
