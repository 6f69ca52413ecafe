// Package rehearsal rehearses a release on this machine: what a tag would give is built, signed and looked at as the
// registries look at it, and nothing is published.
//
// Two things are stand-ins. The lists of what is in an archive are made by one for syft. And only the binary for this machine
// is the provider, since compiling it for all others would take long; each platform's own is built by make release-snapshot.
//
// Everything here has the build tag "release", since it needs goreleaser, GnuPG and git: make release-rehearsal.
package rehearsal
