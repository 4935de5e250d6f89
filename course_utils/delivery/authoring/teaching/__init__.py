"""What a teacher is told about the lessons: how long each section is, runs, and takes to teach."""
