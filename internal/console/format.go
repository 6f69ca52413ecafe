package console

import (
	"fmt"
	"html/template"
	"time"
)

// functions are the functions of the templates. Pages have no script, so that times are in UTC.
var functions = template.FuncMap{
	"date":         func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") },
	"machine":      func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"seconds":      func(n int64) string { return duration(time.Duration(n) * time.Second) },
	"milliseconds": func(n int64) string { return fmt.Sprintf("%d ms", n) },
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
