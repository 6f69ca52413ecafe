// Package sandbox is what the stand-in target systems share.
//
// A stand-in is a small server on the loopback interface that speaks the real protocol of a target system: it verifies
// real sign-ins, answers what a real client asks, and fails on request in the ways the real system fails. Tests use it
// through Go, people through the command in internal/cmd/sandbox. Each system is a sub-package, listed in standins, and
// everything that is not particular to one system is here:
//
//   - [Host] is the server: one listener or several on loopback with optional TLS, which can go down and come up again
//     on the same addresses and leaves no goroutine behind when closed; [System] is what a stand-in gives it, its state
//     among that, which is made anew at each reset;
//   - [Script] holds the scripted faults, each with a count or until cleared;
//   - [Recorder] keeps what reached the stand-in: requests, sign-ins and the credentials presented (a wire capture);
//   - [Authority] makes the certificates, good and bad, and [Assertion] verifies what clients sign;
//   - [Control] is the JSON endpoint that does all of this from a shell, with [HandleJSON], [HandleSimple], [HandleUser], [HandleAdd] and
//     [HandleThrottle] for the orders that only some systems have.
//
// The stand-ins' own tests share what is in sandboxtest.
//
// A stand-in is a testing tool, never a server for anything real: it keeps passwords in clear text because a protocol
// such as NTLM can only be verified with them. It therefore listens on loopback only and is never linked into the
// provider's binary.
package sandbox
