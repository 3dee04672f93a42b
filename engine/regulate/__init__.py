"""Whether a plan keeps what a regulation asks: decided by what the plan says, or shown by a history that the engine has run."""
