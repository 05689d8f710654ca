"""What was changed, and what is known of the text of files at the end: edits, definitions, code in hand."""
