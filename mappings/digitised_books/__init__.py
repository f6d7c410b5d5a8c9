"""Entries of digitised paper books, read into canonical events (số hóa sổ hộ tịch)."""
