"""The demonstration: sandbox and gateway as processes, events posted under faults, judged by the journals."""
