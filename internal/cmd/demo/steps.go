package main

import (
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// userEmails are the users of the User Manager. The stand-ins have a mailbox and a user for each of them.
var userEmails = []string{"ada@example.com", "alan@example.com", "grace@example.com"}

// allSteps returns the steps of the demo, from the creation of two connections to their destruction.
func allSteps() []step {
	return slices.Concat(createSteps(), rotationSteps(), revalidationSteps(), personSteps(), destroySteps())
}

// createSteps creates the connections. They work until a password changes in the target system.
func createSteps() []step {
	return []step{
		{
			title: "Connections to Exchange and Salesforce are created: tested first, then stored",
			commands: []command{
				{args: []string{"init", "-no-color"}, shows: []string{"successfully initialized"}},
				{
					args: apply(),
					shows: []string{
						"riva_connection.mail: Creation complete", "riva_connection.crm: Creation complete",
						"created_at", "last_modified_at", `"passed" = true`,
						"run-cycle", // embedded mode does not schedule cycles
					},
				},
				{args: plan(), shows: []string{"No changes."}},
			},
		},
		{
			title:  "The password changes in Exchange, without a change in Terraform",
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

// rotationSteps tries a wrong password, then the right one.
func rotationSteps() []step {
	return []step{
		{
			title:  "A rotation to a wrong password fails and changes nothing",
			before: configure("not-the-Password!"),
			commands: []command{{
				args: apply(), fails: true,
				shows: []string{"Cannot Connect to the Target System with Given Credentials", "exchange.password_wo"},
			}},
		},
		{
			title:  "The stored credentials are unchanged: with the first password configured, the plan has no changes",
			before: configureFirst,
			commands: []command{{
				args:  plan(),
				shows: []string{"No changes."},
				hides: []string{"riva_connection.mail will be"},
			}},
		},
		{
			title:  "The plan detects the correct password, without a version number and without a hash in the state",
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

// revalidationSteps signs in to Salesforce again, as the right user and as another one.
func revalidationSteps() []step {
	return []step{
		{
			title:  "A new value of revalidation_trigger signs in to Salesforce again and refreshes its metadata",
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
			title:  "Another user does not become the service account",
			before: runAsOtherUser,
			commands: []command{{
				args: apply(), fails: true,
				shows: []string{
					"Signed In to the Target System as Another User", otherUser, "salesforce.username", "Run As",
					"what was stored before stays in force",
				},
			}},
		},
		{
			title:  "Nothing was stored: with the key configured again, the connection works and the plan has no changes",
			before: configureKey,
			commands: []command{
				{args: plan(), shows: []string{"No changes."}, hides: []string{"Check block assertion failed"}},
				metadata(command{same: true}),
			},
		},
	}
}

// destroySteps uses the connections, so that they cannot be destroyed, and then abandons them.
func destroySteps() []step {
	return []step{
		{
			title: "A full sync cycle of the policy signs in to both systems and checks the policy's enabled users",
			commands: []command{
				{provider: true, args: []string{"run-cycle", "Mail"}, shows: userEmails},
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
			title: "They can be abandoned: Terraform removes them from its state, and everything else is destroyed",
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
func changeInTarget(password string) func(*demo) (string, error) {
	return func(d *demo) (string, error) {
		return "In Exchange, the password of the service account is changed.",
			d.exchange.SetPassword(d.exchange.Service().Email, password)
	}
}

// configure changes the password in the configuration.
func configure(password string) func(*demo) (string, error) {
	return func(d *demo) (string, error) {
		d.password = password
		return "The variable exchange_password is set to a new value.", nil
	}
}

// configureFirst sets the password in the configuration back to the one that the connection was created with.
func configureFirst(d *demo) (string, error) {
	d.password = d.firstPassword
	return "The variable exchange_password is set back to its first value.", nil
}

// metadata prints when the metadata of Salesforce was last read.
func metadata(c command) command {
	c.args = []string{"output", "-raw", "metadata_refreshed_at"}
	return c
}

// addObject changes the metadata in Salesforce and configures a re-validation.
func addObject(d *demo) (string, error) {
	d.salesforce.AddObject("Riva_Sync__c", "Riva Sync")
	d.trigger = "second"
	return "In Salesforce, an object is added. The variable revalidation_trigger is set to a new value.", nil
}

// otherUser is another user of the organization.
const otherUser = "somebody@example.com"

// runAsOtherUser is a change that would make another user the service account without notice.
func runAsOtherUser(d *demo) (string, error) {
	d.key = ""
	return "In Salesforce, the app is set to run as " + otherUser + ". The configuration signs in as the app: it has the app's " +
		"secret instead of the key.", d.salesforce.UpdateApp(func(a *salesforce.App) { a.RunAs = otherUser })
}

// configureKey sets the key in the configuration again.
func configureKey(d *demo) (string, error) {
	d.key = d.salesforce.App().PrivateKey
	return "The configuration has the key again instead of the secret.", nil
}
