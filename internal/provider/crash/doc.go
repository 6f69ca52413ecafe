// Package crash tests what remains when Terraform or the provider is killed, and when many of them run at the same time. All of
// them are real processes. It has only tests.
//
// These variables change how much is tested: RIVA_TEST_KILLS is the number of kills, RIVA_TEST_SEED repeats their random moments,
// and RIVA_TEST_TURNS is how many commands run at the same time.
package crash
