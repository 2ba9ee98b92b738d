"""The service's year (terms, weeks) and its schools with their contacts; the national list as it is read."""
