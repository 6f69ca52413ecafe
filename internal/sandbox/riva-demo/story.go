package main

import "slices"

// people are the users of the User Manager; the stand-in has a mailbox for each.
var people = []string{"ada@example.com", "alan@example.com", "grace@example.com"}

// story is the life of a connection.
func story() []scene { return slices.Concat(birth(), rotation(), end()) }

// birth creates a connection, which works until its password changes elsewhere.
func birth() []scene {
	return []scene{
		{
			title: "A connection is created: tested first, then stored",
			commands: []command{
				{args: []string{"init", "-no-color"}, shows: []string{"successfully initialized"}},
				{
					args: apply(),
					shows: []string{
						"riva_connection.mail: Creation complete", "created_at", "last_modified_at", `"passed" = true`,
						"run-cycle", // an enabled policy does not run by itself here
					},
				},
				{args: plan(), shows: []string{"No changes."}},
			},
		},
		{
			title:  "The password changes in Exchange, and nobody tells anybody",
			before: changeInTarget("2nd-Password!"),
			commands: []command{{
				args: apply(),
				shows: []string{
					"Check block assertion failed", "Cannot Connect to the Target System with Given Credentials",
					`"passed" = false`, "Sign in to Outlook on the web",
				},
			}},
		},
	}
}

// rotation tries a wrong password, then the right one.
func rotation() []scene {
	return []scene{
		{
			title:  "A rotation to a wrong password fails and harms nothing",
			before: configure("not-the-Password!"),
			commands: []command{{
				args: apply(), fails: true,
				shows: []string{"Cannot Connect to the Target System with Given Credentials", "exchange.password_wo"},
			}},
		},
		{
			title:  "What was stored before is still stored: with the first password configured, there is nothing to change",
			before: configureFirst,
			commands: []command{{
				args:  plan(),
				shows: []string{"No changes."},
				hides: []string{"riva_connection.mail will be"},
			}},
		},
		{
			title:  "The right one is noticed by the plan, without a version number and without a hash in state",
			before: configure("2nd-Password!"),
			commands: []command{
				{args: plan(), shows: []string{"riva_connection.mail will be updated in-place", "1 to change"}},
				{
					args:  apply(),
					shows: []string{"1 changed", `"passed" = true`},
					hides: []string{"Check block assertion failed"},
				},
				{args: plan(), shows: []string{"No changes."}},
			},
		},
	}
}

// end uses the connection, so that it cannot be destroyed any more, and clears up.
func end() []scene {
	return []scene{
		{
			title: "The policy runs a full sync cycle: it signs in and checks every enabled user",
			commands: []command{
				{provider: true, args: []string{"run-cycle", "Mail"}, shows: people},
				{
					args:  apply(),
					shows: []string{`"ada@example.com" = "passed"`, `"alan@example.com" = "passed"`, `"grace@example.com" = "passed"`},
				},
			},
		},
		{
			title: "A connection that has been used cannot be destroyed",
			commands: []command{{
				args: destroy(), fails: true,
				shows: []string{
					"Connection has been used by a sync policy", "Mail", "Riva Success Team", `deletion_policy = "abandon"`,
				},
				hides: []string{"Destruction complete"},
			}},
		},
		{
			title: "It can be abandoned: Terraform forgets it, and everything else goes",
			commands: []command{
				{args: apply("-var", "deletion_policy=abandon"), shows: []string{"1 changed"}},
				{args: destroy("-var", "deletion_policy=abandon"), shows: []string{"Destroy complete!"}},
			},
		},
	}
}

func plan() []string { return []string{"plan", "-no-color", "-input=false"} }

func apply(more ...string) []string {
	return append([]string{"apply", "-no-color", "-input=false", "-auto-approve"}, more...)
}

func destroy(more ...string) []string {
	return append([]string{"destroy", "-no-color", "-input=false", "-auto-approve"}, more...)
}

// changeInTarget changes the service account's password in Exchange only.
func changeInTarget(password string) func(*stage) (string, error) {
	return func(s *stage) (string, error) {
		return "In Exchange, the service account is given another password.",
			s.server.SetPassword(s.server.Service().Email, password)
	}
}

// configure changes the password that Terraform is given.
func configure(password string) func(*stage) (string, error) {
	return func(s *stage) (string, error) {
		s.password = password
		return "The variable exchange_password is set to another value.", nil
	}
}

// configureFirst gives Terraform the password again that the connection was created with.
func configureFirst(s *stage) (string, error) {
	s.password = s.first
	return "The variable exchange_password is set back to its first value.", nil
}
