package scrub

// automaton finds many patterns in one pass over a text (Aho and Corasick, 1975). Its states are the beginnings of patterns; the
// state after a text is the longest one that the text ends with.
type automaton struct {
	states []state
	// first has the states after one byte.
	first [256]int
}

type state struct {
	// next is the state after the byte label, and others are the states after other bytes. Most states have only one.
	label  byte
	next   int
	others []edge
	// suffix is the longest state that this one ends with, and match the longest of these that is a pattern; zero if none.
	suffix, match int
	// length is the length of the state in bytes, and shortest that of the shortest pattern that begins with it.
	length, shortest int
	// pattern reports that it is a pattern.
	pattern bool
}

type edge struct {
	label byte
	next  int
}

// newAutomaton makes an automaton. With least, half a pattern counts as one too, if that are so many bytes.
func newAutomaton(patterns []string, least int) *automaton {
	a := &automaton{states: make([]state, 1)}
	for _, pattern := range patterns {
		a.add(pattern)
	}
	for i := range a.states {
		if s := &a.states[i]; least > 0 && s.length >= max(least, (s.shortest+1)/2) {
			s.pattern = true
		}
	}
	a.link()
	return a
}

func (a *automaton) add(pattern string) {
	at := 0
	for i := range len(pattern) {
		next := a.after(at, pattern[i])
		if next == 0 {
			next = len(a.states)
			a.states = append(a.states, state{length: i + 1, shortest: len(pattern)})
			a.connect(at, pattern[i], next)
		}
		a.states[next].shortest = min(a.states[next].shortest, len(pattern))
		at = next
	}
	if at > 0 {
		a.states[at].pattern = true
	}
}

func (a *automaton) connect(from int, label byte, to int) {
	s := &a.states[from]
	switch {
	case from == 0:
		a.first[label] = to
	case s.next == 0:
		s.label, s.next = label, to
	default:
		s.others = append(s.others, edge{label, to})
	}
}

// after returns the state that is one byte longer; zero if no pattern begins so.
func (a *automaton) after(at int, label byte) int {
	if at == 0 {
		return a.first[label]
	}
	s := &a.states[at]
	if s.next != 0 && s.label == label {
		return s.next
	}
	for _, e := range s.others {
		if e.label == label {
			return e.next
		}
	}
	return 0
}

// step returns the state after one more byte of text.
func (a *automaton) step(at int, label byte) int {
	for {
		if next := a.after(at, label); next != 0 || at == 0 {
			return next
		}
		at = a.states[at].suffix
	}
}

// link sets the suffixes: first those of the shorter states.
func (a *automaton) link() {
	var queue []int
	for _, next := range &a.first {
		if next != 0 {
			queue = append(queue, next)
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		s := &a.states[at]
		visit := func(label byte, next int) {
			a.states[next].suffix = a.step(s.suffix, label)
			queue = append(queue, next)
		}
		if s.next != 0 {
			visit(s.label, s.next)
		}
		for _, e := range s.others {
			visit(e.label, e.next)
		}
		if s.match = s.suffix; !a.states[s.suffix].pattern {
			s.match = a.states[s.suffix].match
		}
	}
}
