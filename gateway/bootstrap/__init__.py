"""The composition root: builds everything from settings; alone names concrete adapters and stores."""
