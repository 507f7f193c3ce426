"""People and teams: members, hours, cost, deliverables and load balance."""
