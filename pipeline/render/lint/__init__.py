"""Find every fault of a template at once, each with its place, without making a paper."""
