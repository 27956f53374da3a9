"""Resources: what organizations need, what they offer, and who pledges what to whom."""
