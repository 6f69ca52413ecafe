// Package model holds the words that the engine and the store share: connections, sync policies, users, cycles, test
// results, audit events, the errors about them, and [Store], the interface of whatever keeps them.
//
// It has no rules and no storage. The rules are in package engine, the databases behind [Store] in package store, and what
// a target system is in package target, the only room that this one imports.
package model
