"""The frame of Concord: what every slice stands on."""
