package console

import (
	"fmt"
	"html/template"
	"strings"
	"time"
)

// functions are the functions of the templates. Pages have no script, so that times are in UTC.
var functions = template.FuncMap{
	"date":         func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") },
	"machine":      func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"seconds":      func(n int64) string { return duration(time.Duration(n) * time.Second) },
	"milliseconds": func(n int64) string { return fmt.Sprintf("%d ms", n) },
	"title":        title,
	"code":         code,
}

// title returns an identifier such as sign_in as words.
func title(identifier string) string {
	words := strings.ReplaceAll(identifier, "_", " ")
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// code returns a text as HTML, with what is between backticks as code.
func code(text string) template.HTML {
	var all strings.Builder
	parts := strings.Split(text, "`")
	for i, part := range parts {
		part = template.HTMLEscapeString(part)
		switch {
		case i%2 == 0:
			all.WriteString(part)
		case i == len(parts)-1: // without an end
			all.WriteString("`" + part)
		default:
			all.WriteString("<code>" + part + "</code>")
		}
	}
	return template.HTML(all.String()) //nolint:gosec // each part is escaped
}

// duration formats a duration in its largest unit, rounded down: "23 hours".
func duration(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return count(int64(d/(24*time.Hour)), "day")
	case d >= 2*time.Hour:
		return count(int64(d/time.Hour), "hour")
	case d >= time.Minute:
		return count(int64(d/time.Minute), "minute")
	}
	return count(int64(d/time.Second), "second")
}

func count(n int64, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
