package controlplane

import "time"

// recentPeriod is how long what was read of an object is used.
const recentPeriod = 10 * time.Second

// recentRead is what was read of an object, and when.
type recentRead struct {
	value any
	at    time.Time
}

// KeepRead keeps what was read of an object in memory, for [Access.RecentRead]: Terraform plans a resource right after it has
// read it, in another call. What must not be in a state can be kept there.
func (a *Access) KeepRead(id string, value any) { a.recent.Store(id, recentRead{value, time.Now()}) }

// RecentRead returns what was read of an object in the last seconds; nil if nothing was, and after this run has changed it.
func (a *Access) RecentRead(id string) any {
	found, _ := a.recent.Load(id)
	if read, ok := found.(recentRead); ok && time.Since(read.at) <= recentPeriod {
		return read.value
	}
	return nil
}
