package call

import "strings"

// Literal writes text as a literal of the query languages in which a quote is doubled and nothing else is special: SQL and
// those that are modelled on it, and OData.
func Literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
