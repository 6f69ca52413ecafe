// Package leak contains only tests: secrets that target systems repeat, in every encoding, must appear nowhere. Every secret of
// every way to sign in is a canary, and so is every token that a stand-in issues. The search for them is independent of package
// scrub: what that package overlooks would be overlooked by a test that uses it.
package leak
