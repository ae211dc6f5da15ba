"""Spreadsheets: Excel of all ages, cell by cell."""
