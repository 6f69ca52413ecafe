package measure

import (
	"fmt"
	"strconv"
	"time"
)

// Seconds formats a time as in 1.25 s.
func Seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

// Times formats a ratio as in 1.25; one that is unknown is a dash.
func Times(ratio float64) string {
	if ratio == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", ratio)
}

// Thousands formats a number as in 1,000.
func Thousands[N int | int64](n N) string {
	text := strconv.FormatInt(int64(n), 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
