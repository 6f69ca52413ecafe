package sugarcrm

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// help tells for each fault what to do next, in order, with the screen in Sugar.
func help() map[target.Code][]string {
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			"Sign in to Sugar as a normal user. If nobody can, the system is down: wait, or tell its administrators.",
			"In maintenance mode only administrators get in: $sugar_config['maintenanceMode'] in config_override.php.",
			"If Sugar speaks of its license (admin_only), Admin → License Management → Re-validate.",
			"Open url in a browser on the machine that runs this. Nothing at all means a wrong host name, a firewall or a " +
				"missing proxy (HTTPS_PROXY).",
		},
		target.GivenCredentials: {
			"Sign in to Sugar in a browser with the same user name and password. The user name is the one in Admin → User " +
				"Management, not the email address.",
			"\"Too many failed login attempts\" means that the user is locked: wait as long as Sugar says, or unlock it in Admin → " +
				"User Management → the user. How many attempts there are is in Admin → Password Management, Login Lockout.",
			"Admin → User Management → the user: see whether the status is Active.",
			"Where people sign in with SugarIdentity, SAML or LDAP, the service user needs a password in Sugar itself: Admin → " +
				"User Management → the user, External Authentication Only off.",
			"Give the connection the right password. Refused credentials are tried at most twice within 15 minutes, so that the " +
				"user is not locked.",
		},
		target.WrongIdentity: {
			"Compare the user who signed in with username. It is the User Name in Admin → User Management.",
			"If it is the wrong user, give username and password of the right one.",
			"If Sugar answers as somebody else, a proxy or a cache in front of it mixes sessions up: have it pass the header " +
				"OAuth-Token on and cache nothing below /rest.",
		},
		target.InsufficientPermission: {
			"Admin → User Management → the service user: set User Type to System Administrator User. Only such a user can act as " +
				"others.",
			"If one module is refused, Admin → Role Management: the roles of the service user, or of the user under test, need " +
				"Access Enabled, and List and View not set to None, for Contacts, Meetings and Emails.",
			"If all programs are refused, allow this one by name (terraform-provider-riva): $sugar_config['api']" +
				"['allowedClients'] in config_override.php.",
		},
		target.UserNotFound: {
			"Admin → User Management: find the user. One of the user's email addresses has to be this one, and the status has to be " +
				"Active.",
			"If several active users have the address, give them addresses of their own, or deactivate those that nobody uses.",
			"Nobody can act as a group user or a portal user: use a regular user.",
		},
		target.Throttled: {
			"Wait as long as the system asks, or some minutes; the next test or full sync cycle tries again by itself.",
			"If it keeps happening, lengthen the interval of the sync policy, or ask SugarCRM for the limits of the hosted " +
				"instance.",
		},
		target.Misconfigured: {
			"If Sugar says invalid_parameter or EXCEPTION_INVALID_PLATFORM at the sign-in: Admin → Configure API Platforms, add the " +
				"value of platform (riva, unless you set another).",
			"Compare url with what a browser shows in front of /#Home. A folder such as /sugar belongs to it.",
			"If Sugar says incorrect_version, it names the versions of the REST API that it has: end url in one of them, such as " +
				"/rest/v11_24.",
			"If Sugar says invalid_client: Admin → OAuth Keys, the key sugar has to have the client type Sugar User and an empty " +
				"secret.",
			"SugarCRM 6, 1CRM and SuiteCRM have other APIs. For SuiteCRM use suitecrm.",
			"If the certificate is not trusted, set ca_certificate to the certificate of the authority that signed it (PEM).",
		},
	}
}
