// Package signinwalk has the tests in which a real browser walks through the sign-in of a person: from the link of a control
// plane through the pages of a stand-in and back. They are a package of their own, with the build tag browser, so
// that they run beside those of the pages alone.
package signinwalk
