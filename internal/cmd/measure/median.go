package measure

import (
	"cmp"
	"slices"
)

// Median returns the middle value, or the mean of the two middle ones.
func Median[F any, N interface {
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

// Ratio returns how many times b is contained in a; 0 if b is 0.
func Ratio[N ~int64](a, b N) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
