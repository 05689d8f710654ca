"""What is known of models: context windows, the part that can be used, the user's own factors."""
