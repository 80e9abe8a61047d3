import Testing

/// What talks to a server, one after the other: some count what the process has, and others measure time.
@Suite(.serialized)
enum ServerTests {}
