"""Article to reading: what a text says of casualties and deployments. Knows no Faust and no clock."""
