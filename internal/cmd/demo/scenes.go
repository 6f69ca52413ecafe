package main

import "slices"

// userEmails are the users of the User Manager. The stand-ins have a mailbox and a user for each of them.
var userEmails = []string{"ada@example.com", "alan@example.com", "grace@example.com"}

// allScenes returns the story, from the creation of two connections to their deletion, which is refused.
func allScenes() []scene {
	return slices.Concat(createScenes(), rotationScenes(), signInScenes(), useScenes())
}

func createScenes() []scene {
	return []scene{
		{
			headline: "Tested first, then stored",
			sentence: "The provider signs in to Exchange and Salesforce. Only if that works it stores the connections.",
			commands: []command{
				{
					args: []string{"init"}, shows: []string{"successfully initialized"},
					matters: lines(`successfully initialized`),
				},
				{
					args: apply(),
					shows: []string{
						"riva_connection.mail: Creation complete", "riva_connection.crm: Creation complete",
						"created_at", "last_modified_at", `"passed" = true`,
						"run-cycle", // embedded mode does not schedule cycles
					},
					matters: lines(
						`^riva_connection\.crm: Creation complete`, `^riva_connection\.mail: Creation complete`, `^Apply complete!`,
						`^"summary" = .*riva-sync`, `^"summary" = .*svc-riva`,
					),
				},
			},
			verify: rememberRefresh,
			proof:  "Both connections work, and were tested before they were stored.",
		},
		{
			headline: "Nothing secret in the state",
			sentence: "Passwords and keys are write-only. The control plane seals them before they reach its database.",
			commands: []command{{
				args: []string{"state", "pull"}, shows: []string{`"password_wo": null`, `"private_key_wo": null`},
				matters: lines(`"username": "svc-riva`, `"password_wo"`, `"username": "riva-sync`, `"private_key_wo"`),
			}},
			verify: searchFiles,
			proof:  "The state and the database contain no password and no key.",
		},
	}
}

// rotationScenes try a wrong password, then the right one.
func rotationScenes() []scene {
	return []scene{
		{
			headline: "A wrong password is refused, and the working one stays",
			sentence: "A new password is tested before it replaces the old one. A typo does not stop the connection.",
			commands: []command{
				{
					before: configure("exchange_password is wrong now.", "not-the-Password!"),
					args:   apply(), fails: true,
					shows: []string{
						"Cannot Connect to the Target System with Given Credentials", "exchange.password_wo", "Nothing was changed",
					},
					matters: lines(`^Error:`, `password_wo += var`, `(Nothing was changed: .*)`, `HTTP 401`, `^1\. `),
				},
				{
					before: configureFirst,
					args:   plan(), shows: []string{"No changes."}, hides: []string{"Check block assertion failed"},
					matters: lines(`^No changes\.`),
				},
			},
			proof: "The rotation failed, and the connection still works.",
		},
		{
			headline: "A password that changed elsewhere is noticed",
			sentence: "An administrator changes the password in Exchange. The next plan reports it, with what to do.",
			commands: []command{{
				before: changeInTarget("2nd-Password!"),
				args:   plan(),
				shows: []string{
					"Check block assertion failed", "Cannot Connect to the Target System with Given Credentials",
					"Sign in to Outlook on the web",
				},
				matters: lines(
					`^Warning: Check block assertion failed`, `^Cannot Connect to`, `HTTP 401`, `^What to do next`, `^1\. `, `^5\. `,
				),
			}},
			proof: "The plan shows the fault and the steps to fix it.",
		},
		{
			headline: "The new password: change it, apply, done",
			sentence: "The plan compares keyed digests. You need no version number, and the state has no hash.",
			commands: []command{
				{
					before: configure("exchange_password is the new one.", "2nd-Password!"),
					args:   plan(), shows: []string{"riva_connection.mail will be updated in-place", "1 to change"},
					matters: lines(`riva_connection\.mail will be updated in-place`, `^Plan: `, `^Warning: Credentials of`),
				},
				{
					args: apply(), shows: []string{"1 changed", `"passed" = true`}, hides: []string{"Check block assertion failed"},
					matters: lines(`^riva_connection\.mail: Modifications complete`, `^Apply complete!`, `^"summary" = .*svc-riva`),
				},
			},
			proof: "The rotation is done: tested, then stored.",
		},
	}
}

// signInScenes sign in to Salesforce again, as other users and as the right one.
func signInScenes() []scene {
	return []scene{
		{
			headline: "Another user never becomes the service account",
			sentence: "The app in Salesforce now runs as another user. The provider checks who signed in, and refuses.",
			commands: []command{
				{
					before: runAsOtherUser,
					args:   apply(), fails: true,
					shows: []string{
						"Signed In to the Target System as Another User", otherUser, "salesforce.username", "Run As",
						"what was stored before stays in force",
					},
					matters: lines(`^Error:`, `(Nothing was changed: .*)`, `somebody@`, `^1\. `),
				},
				{
					before: configureKey,
					args:   plan(), shows: []string{"No changes."}, hides: []string{"Check block assertion failed"},
					matters: lines(`^No changes\.`),
				},
			},
			verify: sameRefresh,
			proof:  "The wrong sign-in changed nothing.",
		},
		{
			headline: "Re-validate with one value",
			sentence: "A new revalidation_trigger signs in to Salesforce again, and reads its metadata.",
			commands: []command{{
				before: addObject,
				args:   apply(),
				shows:  []string{"riva_connection.crm: Modifications complete", "1 changed"},
				hides:  []string{"Check block assertion failed"},
				matters: lines(
					`^~ revalidation_trigger`, `^~ metadata_refreshed_at .*known after apply`,
					`^riva_connection\.crm: Modifications complete`, `^Apply complete!`, `^"summary" = .*riva-sync`,
				),
			}},
			verify: laterRefresh,
			proof:  "Salesforce was signed in to again, and its metadata is new.",
		},
		{
			headline: "Sign in as a person, without any secret",
			sentence: "The apply asks for a sign-in. The person first signs in with the wrong account, then the right one.",
			commands: []command{
				{
					before:  removeSecret,
					args:    apply(),
					shows:   []string{"A person must sign in", "Waits for a Person to Sign In", "1 changed"},
					matters: lines(`^Warning: Connection "Salesforce" Waits`, `^Apply complete!`),
				},
				{
					provider: true, args: []string{"authorize", "Salesforce", "--no-browser"}, person: wrongThenRight,
					shows:   []string{configured, "passed"},
					matters: lines(`^Signing in as somebody@`, `^Signing in as riva-sync@`, `^Granted scopes`, `^passed +general`),
				},
			},
			proof: "A person has signed in. The token is sealed in the database.",
		},
	}
}

// useScenes use the connections, so that they cannot be deleted.
func useScenes() []scene {
	return []scene{
		{
			headline: "A full sync cycle checks every user",
			sentence: "The cycle signs in to both systems and checks each user's rights. It moves no data.",
			commands: []command{{
				provider: true, args: []string{"run-cycle", "Mail"}, shows: userEmails,
				matters: lines(
					`^Full sync cycle`, `(passed +ada@.*?)(?: \||$)`, `(passed +alan@.*?)(?: \||$)`, `(passed +grace@.*?)(?: \||$)`,
					`^Finished`,
				),
			}},
			proof: "All three users passed in both systems.",
		},
		{
			headline: "A deletion is refused, with reasons",
			sentence: "A connection that a sync cycle has used is not deleted by mistake. You see why, and what you can do.",
			commands: []command{{
				args: []string{"destroy", "-auto-approve"}, fails: true,
				shows: []string{
					"Connection has been used by a sync policy", "Mail", "Riva Success Team", `deletion_policy = "abandon"`,
				},
				hides: []string{"Destruction complete"},
				matters: lines(
					`^Error:`, `cannot be deleted`, `^- sync policy`, `^1\. Contact`, `^2\. Keep`, `^3\. As the owner`,
				),
			}},
			proof: "Both connections are still there.",
		},
		{
			headline: "Who did what: the audit trail",
			sentence: "Every change and every refused attempt is recorded, without secrets.",
			commands: []command{{
				provider: true, args: []string{"audit"},
				shows: []string{"connection.create", "given_credentials", "wrong_identity", "policy.cycle"},
				matters: lines(
					`Z +(.* policy\.cycle .*)`, `Z +(.* authorization\.finish .* somebody_else .*)`,
					`Z +(.* connection\.update .* wrong_identity .*)`, `Z +(.* connection\.update .* tested)`,
					`Z +(.* connection\.update .* given_credentials .*)`, `Z +(.* connection\.create +Exchange .*)`,
				),
			}},
			proof: "Each step of this story has its entry.",
		},
	}
}

func plan() []string { return []string{"plan"} }

func apply() []string { return []string{"apply", "-auto-approve"} }
