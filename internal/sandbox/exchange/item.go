package exchange

import "time"

// item is one message, appointment or contact.
type item struct{ place }

func (s *Server) items(place) []item { return nil }
func (s *Server) unread(place) int   { return 0 }

func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
