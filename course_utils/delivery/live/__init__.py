"""Lessons and sets that run in the page itself: Python as WebAssembly, in a worker of the browser.

`needs` says which cells can, `pack` lays out what a browser fetches, `kernel` runs there.
"""
