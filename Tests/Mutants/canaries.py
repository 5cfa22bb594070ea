"""Named wrong lines of the router. `old` must stand exactly once in `file`; FAULT in `new` is true when it is on."""

CANARIES = []
