"""Copies whose layout tells who speaks, as lines that name the speakers: pages, chats, mails, and some screens."""
