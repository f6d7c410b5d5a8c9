"""What shows that the gateway keeps its promises; the folders go from small and quick to whole and slow."""
