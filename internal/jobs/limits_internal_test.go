package jobs

import (
	"testing"
	"time"
)

// Slices end by themselves before their jobs time out, jobs time out before they are rescued, and what is stopped is canceled in
// time to save its progress. A lease and a look for left cycles together take less than two minutes.
func TestTimesOfTheQueueFitTogether(t *testing.T) {
	t.Parallel()
	const slice, lease, stop = 5 * time.Minute, 90 * time.Second, 30 * time.Second
	if slice >= jobTimeout || jobTimeout >= rescueAfter || softStopTime+hardStopTime > stop || retryAfter > lease ||
		lease+watchPeriod+fetchPoll >= 2*time.Minute {
		t.Error("they do not")
	}
}
