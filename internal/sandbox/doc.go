// Package sandbox contains the parts that all stand-in target systems share.
//
// A stand-in is a small server on the loopback interface that behaves like a target system. It speaks the system's real
// protocol, verifies real sign-ins, answers real clients, and fails on request in the ways the real system fails. Tests
// use stand-ins through Go. To run them by hand, use the command in internal/cmd/sandbox. Each system has a package of
// its own below this one, and package standins lists them all. This package has everything that does not depend on the
// system:
//
//   - [Host] is the server: one or more listeners on loopback with optional TLS. It can stop and start again on the
//     same addresses, and leaves no goroutine behind when closed. [System] is the part that a stand-in provides,
//     including its state, which is created again at each reset;
//   - [Twin] is a host together with a [Store] of accounts, a lock and a clock: nearly every stand-in embeds one, and adds
//     the rest of its state;
//   - [Script] contains the scripted faults, each with a count or until cleared. [Kinds] are those that a system serves
//     itself;
//   - [Recorder] records requests, sign-ins and the credentials that clients presented (a wire capture);
//   - [Authority] issues valid and invalid certificates, and [SignToken] and [VerifyToken] make and check JSON Web Tokens;
//   - package oauthpages contains the sign-in and consent pages of authorization servers, and package person a person who
//     walks through them without a browser;
//   - [Control] is the control endpoint: JSON over HTTP for all of this from a shell. [Patch], [PatchNamed],
//     [HandleJSON], [HandleSimple], [HandleUser], [HandleAdd] and [HandleThrottle] are for the routes that only some
//     systems have.
//
// The tests of the stand-ins share package sandboxtest.
//
// A stand-in is a testing tool and never a server for real data: it keeps passwords in clear text because a protocol
// such as NTLM can only be verified with them. It therefore listens on loopback only and is never linked into the
// provider's binary.
package sandbox
