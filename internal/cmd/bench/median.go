package main

import (
	"cmp"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/measure"
)

// median returns the median of each figure. Figures of one command are not kept together, so that one slow round does not
// decide all of them.
func median(rounds []figures) figures {
	return figures{
		wall:         measure.Median(rounds, func(f figures) time.Duration { return f.wall }),
		cpu:          measure.Median(rounds, func(f figures) time.Duration { return f.cpu }),
		pluginCPU:    measure.Median(rounds, func(f figures) time.Duration { return f.pluginCPU }),
		memory:       measure.Median(rounds, func(f figures) int64 { return f.memory }),
		pluginMemory: measure.Median(rounds, func(f figures) int64 { return f.pluginMemory }),
		calls:        medianCalls(rounds),
	}
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
