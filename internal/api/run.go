package api

import (
	"sync"

	"github.com/google/uuid"
)

// RunID identifies this process as one run of a client. If it is killed before it receives the response to a create, the same
// request of the next run gets that response; see the description of the create operations. It is empty if the machine has no
// random numbers: then a name that is taken is always an error.
var RunID = sync.OnceValue(func() string {
	id, err := uuid.NewRandom()
	if err != nil {
		return ""
	}
	return id.String()
})
