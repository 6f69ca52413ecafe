package salesforce

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// help tells for each fault what to do next, in order, with the screen in Salesforce.
func help() map[target.Code][]string {
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			"Sign in to Salesforce as a normal user. If nobody can, the system is down: wait, or tell its administrators.",
			"Look your instance up at https://status.salesforce.com; Setup → Company Settings → Company Information names it.",
			"Open login_url in a browser on the machine that runs this. Nothing at all means a wrong host name, a firewall or a " +
				"missing proxy (HTTPS_PROXY).",
			"If Salesforce says that the organisation is locked, closed or suspended, an administrator has to ask Salesforce.",
		},
		target.GivenCredentials: {
			"Setup → Identity → Login History tells, for the service user, why the sign-in was refused.",
			"Setup → Users → Users: see whether the service user is active, and neither frozen nor locked.",
			"Setup → Apps → External Client Apps → External Client App Manager (for a connected app: Setup → Apps → App Manager " +
				"→ View → Manage Consumer Details): compare the consumer key with client_id, and the consumer secret with " +
				"client_secret.",
			"With private_key: upload the certificate to this key at the app, OAuth Settings, Enable JWT Bearer Flow (connected " +
				"app: Use digital signatures). The clock of this machine has to be right, within a minute or two.",
			"With refresh_token: Setup → Identity → OAuth and OpenID Connect → OAuth Usage (connected app: Connected Apps OAuth " +
				"Usage) tells whether it was revoked. A user has at most five for an app; one more revokes the oldest. Obtain a " +
				"new one and give it to the connection.",
		},
		target.WrongIdentity: {
			"Compare the user who signed in with username, and the organisation with organization_id (Setup → Company Settings → " +
				"Company Information, Salesforce.com Organization ID).",
			"With client_secret: the user who signs in is the one in the app's OAuth policies, Client Credentials Flow, Run As.",
			"With refresh_token: obtain one while signed in as the service user. A browser that still has another user's session " +
				"signs that user in.",
		},
		target.InsufficientPermission: {
			"Setup → Apps → External Client Apps → External Client App Manager → the app → Policies (connected app: Setup → Apps " +
				"→ Connected Apps → Manage Connected Apps → the app → Manage): set Permitted Users to \"Admin approved users are " +
				"pre-authorized\" and add a profile or permission set of the service user.",
			"At the app's OAuth settings, select the scopes \"Manage user data via APIs (api)\" and \"Access the identity URL " +
				"service (id, profile, email, address, phone)\".",
			"Setup → Users → Permission Sets (or Profiles) of the service user: grant API Enabled, View All Users and Modify All " +
				"Data, and read access to Contacts, Activities and Email Messages.",
			"Setup → Users → Profiles → the profile, Login IP Ranges and Login Hours, and Setup → Security → Network Access: let " +
				"this machine sign in at any time. Setup → Identity → Login History names the address it comes from.",
			"Some editions have no API: Setup → Company Settings → Company Information tells the edition, Salesforce what it has.",
		},
		target.UserNotFound: {
			"Setup → Users → Users: find the user. The address counts that is in the field Email, not the user name, and the user " +
				"has to be active.",
			"If several active users have the address, give them addresses of their own, or deactivate those that nobody uses.",
			"If the user is there, give the service user the permission View All Users.",
		},
		target.Throttled: {
			"Wait as long as the system asks, or an hour; the next test or full sync cycle tries again by itself.",
			"Setup → Company Settings → Company Information, API Requests, Last 24 Hours: see how much is used. The limit is for " +
				"all programs together.",
			"Setup → Environments → System Overview, API Usage tells more. Lengthen the interval of the sync policy, or buy more " +
				"API calls.",
		},
		target.Misconfigured: {
			"Compare login_url with Setup → Company Settings → My Domain, Current My Domain URL: " +
				"https://example.my.salesforce.com, not https://example.lightning.force.com. Sandboxes that have no My Domain " +
				"sign in at https://test.salesforce.com.",
			"With client_secret alone, login_url has to be the My Domain; at the app's OAuth settings switch on Enable Client " +
				"Credentials Flow, and in its policies choose the user in Run As.",
			"With private_key, a sandbox needs https://test.salesforce.com or its My Domain as login_url, production " +
				"https://login.salesforce.com or its My Domain: the assertion is made out to it.",
			"Setup → Apps → External Client Apps → External Client App Manager: see whether the app with the consumer key " +
				"client_id is there, enabled, and installed in this organisation.",
			"If the certificate is not trusted, set ca_certificate to the certificate of the authority that signed it (PEM).",
		},
	}
}
