"""What people read: queries over several tables, each answering with frozen rows."""
