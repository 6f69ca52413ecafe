// Package checkout tests the repository as a whole, from its root, as a user of a clone sees it. It runs the commands and
// examples of README and guides in a copy of the repository, and checks workflows, scripts and the release configuration. It
// also lists what a target system of the catalog still lacks. It has only tests.
package checkout
