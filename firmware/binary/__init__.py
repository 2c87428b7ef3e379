"""What an ELF says: symbols and memory, instructions, the stack that they take."""
