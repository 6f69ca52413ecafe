package google

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// help tells for each fault what to do next, in order, with the screen at Google.
func help() map[target.Code][]string {
	const delegate = "Admin console (admin.google.com) → Security → Access and data control → API controls → Manage Domain Wide " +
		"Delegation"
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			"Sign in to Gmail as a normal user. If nobody can, the system is down: wait, or tell its administrators.",
			"Look at https://www.google.com/appsstatus whether Google has an incident.",
			"Open token_url and api_url in a browser on the machine that runs this; without them these are " +
				"https://oauth2.googleapis.com and https://gmail.googleapis.com. Nothing at all means a firewall or a missing proxy " +
				"(HTTPS_PROXY).",
		},
		target.GivenCredentials: {
			"With service_account_key: Google Cloud console → IAM & Admin → Service Accounts: see whether the account is enabled, " +
				"and under Keys whether the key with the private_key_id of the file is there and active. If not, make a new key.",
			"The clock of this machine has to be right, within a few minutes.",
			"With refresh_token: Google Cloud console → Google Auth Platform → Clients: compare client_id and client_secret.",
			"A refresh token ends when the person takes the access away (myaccount.google.com/connections), when an administrator " +
				"does (Admin console → Directory → Users → the user → Security → Connected applications) or suspends the user, after " +
				"six months without use, and after seven days while the app's publishing status is Testing. Obtain a new one.",
			"If Google asks for reauthentication (rapt): Admin console → Security → Access and data control → Google Cloud session " +
				"control: exempt trusted apps, or sign in with service_account_key.",
		},
		target.WrongIdentity: {
			"Admin console → Directory → Users: compare admin_email with the primary address of the account. An alias is another.",
			"With refresh_token: obtain one while signed in as admin_email. A browser with several accounts may have used another.",
		},
		target.InsufficientPermission: {
			delegate + ": the numeric client ID of the service account (client_id in its key file) needs exactly the scopes " +
				mailScope + ", " + calendarScope + ", " + contactsScope + " and " + directoryScope + ". A change can take 24 hours.",
			"Admin console → Account → Admin roles: give admin_email a role with the privilege Admin API → Users → Read.",
			"Admin console → Security → Access and data control → API controls → Manage App Access: trust the app, if third-party " +
				"apps are restricted.",
			"With refresh_token: obtain one with the scopes that the test needs. It cannot act for other users: that takes " +
				"service_account_key.",
		},
		target.UserNotFound: {
			"Admin console → Directory → Users: find the user by the address, which may be an alias. The user has to be active, " +
				"neither suspended nor archived. The address of a group is no user.",
			"Admin console → Apps → Google Workspace: Gmail and Calendar have to be on for the user's organisational unit, and the " +
				"user needs a licence with them (Directory → Users → the user → Licences).",
			"If admin_email itself is not found, give an administrator with a mailbox.",
		},
		target.Throttled: {
			"Wait as long as the system asks, or some minutes; the next test or full sync cycle tries again by itself.",
			"Google Cloud console → APIs & Services → Gmail API (or Calendar, People, Admin SDK) → Quotas: see which limit is used " +
				"up. Limits are per project, and per user in it.",
			"Lengthen the interval of the sync policy, or ask for more quota on that page.",
		},
		target.Misconfigured: {
			"Google Cloud console → APIs & Services → Library, in the project of the service account or OAuth client: enable Gmail " +
				"API, Google Calendar API, People API and Admin SDK API. It takes some minutes to work.",
			"If the assertion is no short-lived token, set the clock of this machine right.",
			"Leave token_url and api_url out to call Google's own hosts. An endpoint of your own has to lead to Google, with " +
				"Google's paths.",
			"If the certificate is not trusted, set ca_certificate to the certificate of the authority that signed it (PEM).",
		},
	}
}
