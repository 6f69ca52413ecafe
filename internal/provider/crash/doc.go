// Package crash tests what remains when Terraform or the provider is killed, and when many of them run at the same time. All of
// them are real processes. It has only tests.
package crash
