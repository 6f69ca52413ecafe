package sandbox

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// maxRecords limits what a recorder keeps. A stand-in that runs for days drops the oldest records.
const maxRecords = 2000

// Request is one HTTP request to the stand-in. Each request of a handshake is recorded.
type Request struct {
	Time time.Time
	// Site is the name of the site that was called; empty for the first.
	Site   string
	Method string
	Path   string
	// Query is the query as sent, without the question mark. Some clients put tokens there.
	Query  string
	Header http.Header
	Body   []byte
	// Operation is the protocol's operation; empty if the request does not name one.
	Operation string
	// SignIn is the sign-in attempt of this request, if there was one.
	SignIn *SignIn
	// User is the signed-in user when the request was served; empty if no user was signed in.
	User string
	// Account is the account whose data the request read. It differs from User if the request impersonates or names
	// another user.
	Account string
	// Status is the HTTP status of the response; 0 while the response is delayed or if the connection was closed
	// instead.
	Status int
}

// SignIn is one attempt to prove an identity: a request with Basic credentials, the last message of an NTLM handshake,
// a request for a token, a submitted sign-in form.
type SignIn struct {
	Time time.Time `json:"time"`
	// Scheme is the protocol's name of the method: an HTTP authentication scheme, an OAuth grant.
	Scheme string `json:"scheme"`
	// User is the user name as sent by the client.
	User     string `json:"user"`
	Accepted bool   `json:"accepted"`
	// Reason is why the attempt was rejected. The client never sees it.
	Reason string `json:"reason,omitempty"`
	// Secret is the secret that the client presented, for tests: a password, a client secret, an assertion, a token. It
	// is empty for a protocol that does not send the secret. It is never part of a JSON response.
	Secret string `json:"-"`
}

// SignIns counts the sign-in attempts.
type SignIns struct {
	Attempts int `json:"attempts"`
	Accepted int `json:"accepted"`
	Rejected int `json:"refused"`
}

// Recorder keeps the requests and sign-ins of a stand-in. It is safe for concurrent use.
type Recorder struct {
	mu       sync.Mutex
	requests []*Request
	signIns  []SignIn
	counts   SignIns
	issued   []string
}

// Requests lists the requests in order of arrival (the newest 2000).
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

// SignInList lists the attempts in the order of their decision (the newest 2000).
func (r *Recorder) SignInList() []SignIn {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.signIns)
}

// Forget deletes all records and sets the counters to zero.
func (r *Recorder) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests, r.signIns, r.counts, r.issued = nil, nil, SignIns{}, nil
}

// Issued lists the tokens and sessions that responses contained (the newest 2000), the newest first.
func (r *Recorder) Issued() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	issued := slices.Clone(r.issued)
	slices.Reverse(issued)
	return issued
}

func (r *Recorder) issue(tokens []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.issued = append(r.issued, tokens...)
	if extra := len(r.issued) - maxRecords; extra > 0 {
		r.issued = slices.Delete(r.issued, 0, extra)
	}
}

func (r *Recorder) add(request *Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = append(r.requests, request)
	if extra := len(r.requests) - maxRecords; extra > 0 {
		r.requests = slices.Delete(r.requests, 0, extra)
	}
}

// update changes the record of a call while other goroutines may read it.
func (r *Recorder) update(request *Request, change func(*Request)) {
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
