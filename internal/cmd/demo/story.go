package main

import (
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// people are the users of the User Manager; the stand-ins have a mailbox and a user for each.
var people = []string{"ada@example.com", "alan@example.com", "grace@example.com"}

// story is the life of two connections.
func story() []scene { return slices.Concat(birth(), rotation(), revalidation(), end()) }

// birth creates the connections, which work until a password changes elsewhere.
func birth() []scene {
	return []scene{
		{
			title: "Connections to Exchange and Salesforce are created: tested first, then stored",
			commands: []command{
				{args: []string{"init", "-no-color"}, shows: []string{"successfully initialized"}},
				{
					args: apply(),
					shows: []string{
						"riva_connection.mail: Creation complete", "riva_connection.crm: Creation complete",
						"created_at", "last_modified_at", `"passed" = true`,
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

// revalidation signs in to Salesforce again, as the right user and as another one.
func revalidation() []scene {
	return []scene{
		{
			title:  "Another value of revalidation_trigger signs in to Salesforce again and reads its metadata anew",
			before: addObject,
			commands: []command{
				metadata(command{}),
				{
					args:  apply(),
					shows: []string{"riva_connection.crm: Modifications complete", "1 changed"},
					hides: []string{"Check block assertion failed"},
				},
				metadata(command{differs: true}),
				{args: plan(), shows: []string{"No changes."}},
			},
		},
		{
			title:  "Somebody else does not become the service account",
			before: runAsSomebodyElse,
			commands: []command{{
				args: apply(), fails: true,
				shows: []string{
					"Signed In to the Target System as Another User", somebodyElse, "salesforce.username", "Run As",
					"what was stored before stays in force",
				},
			}},
		},
		{
			title:  "Nothing was stored: with the key configured again, the connection works and there is nothing to change",
			before: configureKey,
			commands: []command{
				{args: plan(), shows: []string{"No changes."}, hides: []string{"Check block assertion failed"}},
				metadata(command{same: true}),
			},
		},
	}
}

// end uses the connections, so that they cannot be destroyed any more, and clears up.
func end() []scene {
	return []scene{
		{
			title: "The policy runs a full sync cycle: it signs in to both and checks every enabled user",
			commands: []command{
				{provider: true, args: []string{"run-cycle", "Mail"}, shows: people},
				{
					args: apply(),
					shows: []string{
						`"ada@example.com, Exchange" = "passed"`, `"ada@example.com, Salesforce" = "passed"`,
						`"grace@example.com, Exchange" = "passed"`, `"grace@example.com, Salesforce" = "passed"`,
					},
				},
			},
		},
		{
			title: "Connections that have been used cannot be destroyed",
			commands: []command{{
				args: destroy(), fails: true,
				shows: []string{
					"Connection has been used by a sync policy", "Mail", "Riva Success Team", `deletion_policy = "abandon"`,
				},
				hides: []string{"Destruction complete"},
			}},
		},
		{
			title: "They can be abandoned: Terraform forgets them, and everything else goes",
			commands: []command{
				{args: apply("-var", "deletion_policy=abandon"), shows: []string{"2 changed"}},
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
			s.exchange.SetPassword(s.exchange.Service().Email, password)
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

// metadata asks when the metadata of Salesforce was last read.
func metadata(c command) command {
	c.args = []string{"output", "-raw", "metadata_refreshed_at"}
	return c
}

// addObject gives the re-validation something to find, and asks for one.
func addObject(s *stage) (string, error) {
	s.salesforce.AddObject("Riva_Sync__c", "Riva Sync")
	s.trigger = "second"
	return "In Salesforce, an object is added. The variable revalidation_trigger is set to another value.", nil
}

// somebodyElse is another user of the organisation.
const somebodyElse = "somebody@example.com"

// runAsSomebodyElse is how another user would silently become the service account.
func runAsSomebodyElse(s *stage) (string, error) {
	s.key = ""
	return "In Salesforce, the app is set to run as " + somebodyElse + ". The configuration signs in as the app: its secret is " +
		"given instead of the key.", s.salesforce.UpdateApp(func(a *salesforce.App) { a.RunAs = somebodyElse })
}

// configureKey gives Terraform the key again.
func configureKey(s *stage) (string, error) {
	s.key = s.salesforce.App().PrivateKey
	return "The key is given again instead of the secret.", nil
}
