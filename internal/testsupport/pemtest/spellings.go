package pemtest

import "strings"

// Spellings returns the ways in which one text in PEM form arrives in practice, with what each is.
func Spellings(text string) map[string]string {
	replaced := func(with string) string { return strings.ReplaceAll(text, "\n", with) }
	return map[string]string{
		"unchanged":                     text,
		"written-out line breaks":       replaced(`\n`),
		"written out twice":             replaced(`\\n`),
		"written-out CRLF":              replaced(`\r\n`),
		"CRLF":                          replaced("\r\n"),
		"byte order mark":               "\uFEFF" + text,
		"byte order mark and CRLF":      "\uFEFF" + replaced("\r\n"),
		"outer white space":             " \n\t" + text + " \r\n ",
		"no line break at the end":      strings.TrimSpace(text),
		"spaces in place of breaks":     replaced(" "),
		"two spaces in place of breaks": replaced("  "),
		"indented":                      "    " + replaced("\n    "),
	}
}
