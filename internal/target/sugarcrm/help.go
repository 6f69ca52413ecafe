package sugarcrm

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// help lists the steps that fix each fault, with the screen in Sugar.
func help() map[target.Code][]string {
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			target.HelpSystemDown("Sugar"),
			"In maintenance mode only administrators can sign in: $sugar_config['maintenanceMode'] in config_override.php.",
			"If Sugar reports a problem with its license (admin_only), Admin → License Management → Re-validate.",
			target.HelpOpenInBrowser(instanceURL),
		},
		target.GivenCredentials: {
			"Sign in to Sugar in a browser with the same user name and password. The user name is the one in Admin → User " +
				"Management, not the email address.",
			"\"Too many failed login attempts\" means that the user is locked: wait as long as Sugar requests, or unlock it in Admin " +
				"→ User Management → the user. Admin → Password Management, Login Lockout shows the allowed attempts.",
			"Admin → User Management → the user: check that the status is Active.",
			"If users sign in with SugarIdentity, SAML or LDAP, the service user needs a password in Sugar itself: Admin → " +
				"User Management → the user, External Authentication Only off.",
			target.HelpCorrectPassword,
		},
		target.WrongIdentity: {
			"Compare the user who signed in with username, which is the User Name in Admin → User Management.",
			target.HelpCorrectUser,
			"If Sugar names another user, a proxy or a cache in front of it mixes up sessions: it must pass on the header " +
				"OAuth-Token, and cache nothing below /rest.",
		},
		target.InsufficientPermission: {
			"Admin → User Management → the service user: set User Type to System Administrator User. Only such a user can act as " +
				"other users.",
			"If one module fails, check the roles of the service user, or of the user under test, in Admin → Role Management. " +
				"For Contacts, Meetings and Emails, they need Access Enabled, and List and View not set to None.",
			"If all programs are blocked, allow this one by name (terraform-provider-riva): $sugar_config['api']" +
				"['allowedClients'] in config_override.php.",
		},
		target.UserNotFound: {
			"Admin → User Management: find the user. One of the user's email addresses must be this one, and the status must be " +
				"Active.",
			target.HelpSeveralUsers("active users", "deactivate"),
			"Acting as a group user or a portal user is not possible: use a regular user.",
		},
		target.Throttled: {
			target.HelpWait("some minutes"),
			"If it keeps happening, lengthen the interval of the sync policy, or ask SugarCRM for the limits of the hosted " +
				"instance.",
		},
		target.Misconfigured: {
			"If Sugar returns invalid_parameter or EXCEPTION_INVALID_PLATFORM at the sign-in: Admin → Configure API Platforms, add the " +
				"value of platform (riva, unless you set another).",
			"Compare url with the address in a browser, before /#Home. A folder such as /sugar is part of it.",
			"If Sugar returns incorrect_version, it lists its versions of the REST API: end url in one of them, such as " +
				"/rest/v11_24.",
			"If Sugar returns invalid_client: Admin → OAuth Keys, the key sugar must have the client type Sugar User and an empty " +
				"secret.",
			"SugarCRM 6, 1CRM and SuiteCRM have other APIs. For SuiteCRM use suitecrm.",
			target.HelpTrustCertificate,
		},
	}
}
