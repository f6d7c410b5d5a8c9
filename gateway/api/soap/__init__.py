"""The SOAP way in: the same rules, receipts and errors as over REST, in the words of one schema."""
