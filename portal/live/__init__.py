"""The transport: one hub a process, the websocket, and the protocol they speak."""
