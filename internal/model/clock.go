package model

import "time"

// MaxClockSkew is how far a stored time may be in the future. The clocks of several machines differ by less; a time that is
// further ahead was written by a clock that was wrong, and does not count.
const MaxClockSkew = 10 * time.Second
