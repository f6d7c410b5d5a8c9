"""The façade: the national registry's dialects, spoken to those who already speak them to the registry."""
