package sandbox

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// maxRecords bounds what a recorder remembers: a stand-in that runs for days forgets the oldest.
const maxRecords = 2000

// Request is one HTTP request as it reached the stand-in, the legs of a handshake included.
type Request struct {
	Time time.Time
	// Site is the name of the site that was called; empty for the first.
	Site   string
	Method string
	Path   string
	// Query is the query as it was sent, without the question mark. Some clients put tokens there.
	Query  string
	Header http.Header
	Body   []byte
	// Operation is the protocol's operation, if the request told.
	Operation string
	// RecordSignIn is the sign-in attempt this request carried, if it carried one.
	SignIn *SignIn
	// User is who was signed in when the request was served; empty if nobody.
	User string
	// Account is whose data the request acted on; it differs from User when it impersonates or asks for somebody.
	Account string
	// Status is the HTTP status answered; 0 while the answer is held, or when the connection was closed instead.
	Status int
}

// RecordSignIn is one attempt to prove an identity: a request with Basic credentials, the last leg of an NTLM handshake, a
// request for a token, a person's form.
type SignIn struct {
	Time time.Time `json:"time"`
	// Scheme is the protocol's name for the way to sign in: an HTTP authentication scheme, an OAuth grant.
	Scheme string `json:"scheme"`
	// User is the user name as the client sent it.
	User     string `json:"user"`
	Accepted bool   `json:"accepted"`
	// Reason is why the attempt was refused. The client is never told.
	Reason string `json:"reason,omitempty"`
	// Secret is what was presented as proof, for tests: a password, a client secret, an assertion, a token. A protocol
	// that only proves to have one leaves it empty. It never leaves Go.
	Secret string `json:"-"`
}

// SignIns counts the sign-in attempts that reached a stand-in.
type SignIns struct {
	Attempts int `json:"attempts"`
	Accepted int `json:"accepted"`
	Rejected int `json:"refused"`
}

// Recorder keeps what reached a stand-in. It is safe for concurrent use.
type Recorder struct {
	mu       sync.Mutex
	requests []*Request
	signIns  []SignIn
	counts   SignIns
}

// Requests lists the requests in the order in which they arrived (the newest 2000).
func (r *Recorder) Requests() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	requests := make([]Request, len(r.requests))
	for i, request := range r.requests {
		requests[i] = *request
	}
	return requests
}

// SignIns counts the attempts since the start or the last Forget.
func (r *Recorder) SignIns() SignIns {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.counts
}

// SignInList lists the attempts in the order in which they were decided (the newest 2000).
func (r *Recorder) SignInList() []SignIn {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.signIns)
}

// Forget empties the record and sets the counters to zero.
func (r *Recorder) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests, r.signIns, r.counts = nil, nil, SignIns{}
}

func (r *Recorder) open(request *Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = append(r.requests, request)
	if extra := len(r.requests) - maxRecords; extra > 0 {
		r.requests = slices.Delete(r.requests, 0, extra)
	}
}

// change is how a call completes its own record while others may read it.
func (r *Recorder) change(request *Request, change func(*Request)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(request)
}

func (r *Recorder) signIn(request *Request, attempt SignIn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	request.SignIn = &attempt
	r.counts.Attempts++
	if attempt.Accepted {
		r.counts.Accepted++
	} else {
		r.counts.Rejected++
	}
	r.signIns = append(r.signIns, attempt)
	if extra := len(r.signIns) - maxRecords; extra > 0 {
		r.signIns = slices.Delete(r.signIns, 0, extra)
	}
}
