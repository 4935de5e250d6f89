"""Marks for untrusted code: nbgrader hands out and keeps the books, a sandbox computes, we judge.

Read it in this order: `sets` (what is asked), `submission` (what was handed in), `walls`,
`sandbox`, `webassembly` and `worker` (how it is run), `marking` (what it is worth), `gradebook`
(where nbgrader keeps it), `sources`, `gather` and `classroom` (folders), `commands` (what `course
grade` and its sisters do).
"""
