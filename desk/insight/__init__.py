"""What the conversations tell in numbers: counted in SQL, small cells hidden, shown as sentences, tables and plain charts."""
