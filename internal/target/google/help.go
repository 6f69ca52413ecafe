package google

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// help lists the steps that fix each fault, with the screen at Google.
func help() map[target.Code][]string {
	const delegate = "Admin console (admin.google.com) → Security → Access and data control → API controls → Manage Domain Wide " +
		"Delegation"
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			target.HelpSystemDown("Gmail"),
			"Check https://www.google.com/appsstatus for an incident at Google.",
			"Open token_url and api_url in a browser on the machine that runs this; if they are not set, use " +
				"https://oauth2.googleapis.com and https://gmail.googleapis.com. If nothing loads, the cause is a firewall or a " +
				"missing proxy (HTTPS_PROXY).",
		},
		target.GivenCredentials: {
			"With service_account_key: check in Google Cloud console → IAM & Admin → Service Accounts that the account is " +
				"enabled. Under Keys, the key with the private_key_id of the file must exist and be active.",
			"The clock of this machine must be correct within a few minutes.",
			"With refresh_token: Google Cloud console → Google Auth Platform → Clients: compare client_id and client_secret.",
			"A refresh token is revoked if the access is removed (Admin console → Directory → Users → the user → Security → " +
				"Connected applications), or the user is suspended. It expires after six months without use. It expires after " +
				"seven days while the publishing status of the app is Testing. Obtain a new one.",
			"If Google requires reauthentication (rapt): Admin console → Security → Access and data control → Google Cloud session " +
				"control: exempt trusted apps, or sign in with service_account_key.",
		},
		target.WrongIdentity: {
			"Admin console → Directory → Users: compare admin_email with the primary address of the account. An alias does not match.",
			"With refresh_token: obtain one while signed in as admin_email. A browser with several accounts may have used another.",
		},
		target.InsufficientPermission: {
			delegate + ": the numeric client ID of the service account (client_id in its key file) needs exactly the scopes " +
				mailScope + ", " + calendarScope + ", " + contactsScope + " and " + directoryScope + ". A change can take 24 hours.",
			"Admin console → Account → Admin roles: give admin_email a role with the privilege Admin API → Users → Read.",
			"Admin console → Security → Access and data control → API controls → Manage App Access: trust the app, if third-party " +
				"apps are restricted.",
			"With refresh_token: obtain one with the scopes that the test needs. It cannot act for other users: use " +
				"service_account_key for that.",
		},
		target.UserNotFound: {
			"Admin console → Directory → Users: find the user by the address, which may be an alias. The user must be active, " +
				"neither suspended nor archived. The address of a group does not work.",
			"Admin console → Apps → Google Workspace: Gmail and Calendar must be on for the user's organizational unit. The " +
				"user needs a license with them (Directory → Users → the user → Licenses).",
			"If admin_email itself is not found, set it to an administrator with a mailbox.",
		},
		target.Throttled: {
			target.HelpWait("some minutes"),
			"Google Cloud console → APIs & Services → Gmail API (or Calendar, People, Admin SDK) → Quotas shows which limit is " +
				"exhausted. Limits are per project, and per user in it.",
			"Lengthen the interval of the sync policy, or request more quota on that page.",
		},
		target.Misconfigured: {
			"Google Cloud console → APIs & Services → Library, in the project of the service account or OAuth client: enable Gmail " +
				"API, Google Calendar API, People API and Admin SDK API. It takes some minutes to work.",
			"If Google reports that the assertion is not a short-lived token, correct the clock of this machine.",
			"Leave token_url and api_url out to call Google's own hosts. A private endpoint must lead to Google, with Google's paths.",
			target.HelpTrustCertificate,
		},
	}
}
