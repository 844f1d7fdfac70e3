"""The emergency switch: one announcement for everybody, the program paused if need be, until a stated time."""
