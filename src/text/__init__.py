"""What an author's text means to eyes and to ears: words, marks, numbers, scripts. Pure."""
