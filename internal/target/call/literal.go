package call

import "strings"

// Literal writes text as a literal of a query language in which quotes are doubled and nothing else is special: SQL and
// similar languages, and OData.
func Literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
