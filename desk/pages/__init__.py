"""Pages made on the server: for students, and for staff by role."""
