// Package call calls target systems: with a client that goes only where the connection allows, with limits on every response,
// with one way to map failures to faults, and without secrets in what it returns. [SignIn] signs in to a declared
// system through all of it.
//
//   - Calls go to https addresses, with a timeout, and redirects stay on the host ([NewClient]).
//   - Responses are read completely, up to a limit; JSON and XML are decoded with a limit on depth ([Response], [DecodeJSON]).
//   - A [Classifier] decides the fault: from the transport's error, the system's table of codes (package errortable), its
//     challenge, or the HTTP status. It says whether the fault is a verdict on the credentials, and shows what an unknown
//     response says.
//   - A [Session] is the part that the sessions of all systems share, and [Tests] runs the tests of a system.
//   - Package scrub masks the credentials and tokens of the call in everything that is shown ([SignedIn]).
package call
