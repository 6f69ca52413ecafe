// Package checkout tests what this repository promises as a whole, from its root, as somebody who cloned it sees it: what
// README, guides and examples show is run in a copy of it, and its workflows, scripts and release configuration are held to
// what they say. It has no code but tests.
package checkout
