"""What a stack is and does, without Pulumi."""
