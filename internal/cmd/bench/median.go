package main

import (
	"cmp"
	"slices"
	"time"
)

// median returns the median of each figure. Figures of one command are not kept together, so that one slow round does not
// decide all of them.
func median(rounds []figures) figures {
	return figures{
		wall:         medianOf(rounds, func(f figures) time.Duration { return f.wall }),
		cpu:          medianOf(rounds, func(f figures) time.Duration { return f.cpu }),
		pluginCPU:    medianOf(rounds, func(f figures) time.Duration { return f.pluginCPU }),
		memory:       medianOf(rounds, func(f figures) int64 { return f.memory }),
		pluginMemory: medianOf(rounds, func(f figures) int64 { return f.pluginMemory }),
		calls:        medianCalls(rounds),
	}
}

// medianOf returns the middle value, or the mean of the two middle ones.
func medianOf[F any, N interface {
	cmp.Ordered
	~int64
}](rounds []F, of func(F) N) N {
	values := make([]N, len(rounds))
	for i, round := range rounds {
		values[i] = of(round)
	}
	slices.Sort(values)
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
}

// medianCalls returns the calls of the round with the median total, among the rounds that counted; nil if none did.
func medianCalls(rounds []figures) calls {
	var counted []calls
	for _, round := range rounds {
		if round.calls != nil {
			counted = append(counted, round.calls)
		}
	}
	if counted == nil {
		return nil
	}
	slices.SortFunc(counted, func(a, b calls) int { return cmp.Compare(a.total(), b.total()) })
	return counted[len(counted)/2]
}

// ratio returns how many times b is contained in a; 0 if b is 0.
func ratio[N ~int64](a, b N) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
