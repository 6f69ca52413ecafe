// Package call is how target systems are called: a client that goes only where the connection allows, answers that are
// bounded and read with suspicion, one way to decide which fault a failure means, and a scrubber for the system's own
// words. [SignIn] signs in to a declared system through all of it.
//
//   - Calls go to https addresses, with a time-out, and redirects stay on the host ([Client]).
//   - Answers are read whole, up to a limit; JSON and XML are decoded with a limit on depth ([Response], [DecodeJSON]).
//   - A [Classifier] decides the fault: from the transport's error, the system's own codes, or the HTTP status.
//   - A [Scrubber] masks the credentials and tokens of the call in everything that is shown.
package call
