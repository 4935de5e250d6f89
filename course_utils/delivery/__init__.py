"""What brings the course to people: notebooks, pages, slides, marks, hubs and the command line.

It imports the course; nothing of the course imports it.
"""
