"""Who there is: the music service (the tenant), its area offices, persons, members and what they may do."""
