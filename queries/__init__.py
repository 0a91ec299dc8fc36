"""Part of whichteam: what people ask of a case or of a policy."""
