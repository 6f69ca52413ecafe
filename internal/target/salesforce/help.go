package salesforce

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// help lists the steps that fix each fault, with the screen in Salesforce.
func help() map[target.Code][]string {
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			target.HelpSystemDown("Salesforce"),
			"Look up your instance at https://status.salesforce.com; Setup → Company Settings → Company Information shows its name.",
			target.HelpOpenInBrowser(loginURL),
			"If Salesforce reports that the organization is locked, closed or suspended, an administrator must ask Salesforce.",
		},
		target.GivenCredentials: {
			"Setup → Identity → Login History shows why the sign-in of the service user was rejected.",
			"Setup → Users → Users: check that the service user is active, and neither frozen nor locked.",
			"Setup → Apps → External Client Apps → External Client App Manager: compare the consumer key with client_id, and " +
				"the consumer secret with client_secret. For a connected app, they are in Setup → Apps → App Manager → View → " +
				"Manage Consumer Details.",
			"With private_key: upload the certificate of this key to the app, OAuth Settings, Enable JWT Bearer Flow (connected " +
				"app: Use digital signatures). The clock of this machine must be correct within a minute or two.",
			"With refresh_token: Setup → Identity → OAuth and OpenID Connect → OAuth Usage (connected app: Connected Apps OAuth " +
				"Usage) shows whether it was revoked. A user has at most five for an app; one more revokes the oldest. Obtain a " +
				"new one and set it in the connection.",
		},
		target.WrongIdentity: {
			"Compare the user who signed in with username, and the organization with organization_id (Setup → Company Settings → " +
				"Company Information, Salesforce.com Organization ID).",
			"With client_secret: the user who signs in is the one in the app's OAuth policies, Client Credentials Flow, Run As.",
			"With refresh_token: obtain one while signed in as the service user. A browser that still has another user's session " +
				"signs that user in.",
		},
		target.InsufficientPermission: {
			"Setup → Apps → External Client Apps → External Client App Manager → the app → Policies: set Permitted Users to " +
				"\"Admin approved users are pre-authorized\". Add a profile or permission set of the service user. For a " +
				"connected app, use Setup → Apps → Connected Apps → Manage Connected Apps → the app → Manage.",
			"At the app's OAuth settings, select the scopes \"Manage user data via APIs (api)\" and \"Access the identity URL " +
				"service (id, profile, email, address, phone)\".",
			"Setup → Users → Permission Sets (or Profiles) of the service user: grant API Enabled, View All Users and Modify All " +
				"Data, and read access to Contacts, Activities and Email Messages.",
			"Setup → Users → Profiles → the profile, Login IP Ranges and Login Hours, and Setup → Security → Network Access: allow " +
				"this machine to sign in at any time. Setup → Identity → Login History shows its address.",
			"Some editions have no API: Setup → Company Settings → Company Information shows the edition; Salesforce lists its features.",
		},
		target.UserNotFound: {
			"Setup → Users → Users: find the user. The address must be in the field Email, not only in the user name, and the user " +
				"must be active.",
			target.HelpSeveralUsers("active users", "deactivate"),
			"If the user exists, give the service user the permission View All Users.",
		},
		target.Throttled: {
			target.HelpWait("an hour"),
			"Setup → Company Settings → Company Information, API Requests, Last 24 Hours shows the usage. The limit is for all " +
				"programs together.",
			"Setup → Environments → System Overview, API Usage shows more. Lengthen the interval of the sync policy, or buy more " +
				"API calls.",
		},
		target.Misconfigured: {
			"Compare login_url with Setup → Company Settings → My Domain, Current My Domain URL: " +
				"https://example.my.salesforce.com, not https://example.lightning.force.com. Sandboxes without a My Domain " +
				"sign in at https://test.salesforce.com.",
			"With client_secret alone, login_url must be the My Domain; at the app's OAuth settings enable the Client Credentials " +
				"Flow, and choose the user in Run As in its policies.",
			"With private_key, login_url of a sandbox must be https://test.salesforce.com or its My Domain, and of production " +
				"https://login.salesforce.com or its My Domain: it decides the audience of the assertion.",
			"Setup → Apps → External Client Apps → External Client App Manager: check that the app with the consumer key " +
				"client_id exists, is enabled, and is installed in this organization.",
			target.HelpTrustCertificate,
		},
	}
}
