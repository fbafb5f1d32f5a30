"""Learning where rules are silent: linear models over hashed features, small enough to lie in models/weights."""
