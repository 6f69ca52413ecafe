// Package model is the vocabulary that the other packages of the control plane share. A line of code belongs here if it is
// a word: a type that says what a connection, a sync policy, a user, a cycle, a test result or an audit event is, an error
// about one of them, or [Store] and [Tx], the interfaces through which the engine reads and writes them.
//
// There are no rules here (what is allowed, what happens next: package engine) and no storage (package store). What a target
// system is, is defined in package target, the only package of this module that model imports.
package model
