"""Every interleaving of two workers, one crash and one operator act, checked by a model checker."""
