"""What people and agents say, sentence by sentence: what a text is worth, announces, denies, and in fewer words."""
