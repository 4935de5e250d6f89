"""Catalogs of translations: taken from the sources, brought up to date, and held to rules."""
