"""The class at a glance: one page and two tables for the teacher, made of marks and answers."""
