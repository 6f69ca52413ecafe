package scrub

// ScrubTo is [Scrubber.Scrub] with another limit, in characters, for texts that are a list or an identifier.
func (s Scrubber) ScrubTo(text string, limit int) string {
	s.limit = limit
	return s.Scrub(text)
}
