package sapc4c

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// help tells for each fault what to do next, in order, with the screen in SAP Cloud for Customer.
func help() map[target.Code][]string {
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			"Sign in to SAP Cloud for Customer as a normal user. If nobody can, the system is down: wait, or tell its " +
				"administrators.",
			"See at https://www.sap.com/about/trust-center/cloud-service-status.html whether SAP has a downtime or an incident.",
			"Open url in a browser on the machine that runs this. Nothing at all means a wrong host name, a firewall or a " +
				"missing proxy (HTTPS_PROXY).",
		},
		target.GivenCredentials: {
			"Sign in at url in a browser with the same user ID and password. A new user has to choose another password first.",
			"Administrator → General Settings → Users → Business Users → the user: \"User Locked\" and \"Password Locked\" have to " +
				"be off (Unlock), and the validity must not have ended. SAP does not tell a locked user from a wrong password.",
			"Edit → Attributes → the user's security policy: choose one whose passwords do not expire. If the password has " +
				"expired, Actions → Edit Password.",
			"For the technical user of a communication arrangement: Administrator → General Settings → Communication " +
				"Arrangements → the arrangement → Edit Credentials; the authentication method is User ID and Password.",
			"Give the connection the right password. Refused credentials are tried at most twice within 15 minutes, so that the " +
				"user is not locked.",
		},
		target.WrongIdentity: {
			"SAP Cloud for Customer does not tell who signed in: compare url with the tenant that is meant.",
		},
		target.InsufficientPermission: {
			"Administrator → General Settings → Users → Business Users → the service user → Edit → Access Rights: assign a " +
				"business role with the work centres of what is refused: Customers (contacts), Calendar or Activities " +
				"(appointments), Activities (e-mails), Administrator (business users).",
			"For the technical user of a communication arrangement: in Communication Arrangements, scenario OData Services for " +
				"Business Objects, add the service c4codataapi.",
			"Sign in as the service user and open the same list in a browser: what is empty or missing there is also refused here.",
		},
		target.UserNotFound: {
			"Administrator → General Settings → Users → Business Users: find the user. The e-mail address of the employee has to " +
				"be this one, in the same letters or in small ones; \"User Locked\" has to be off, and the validity not ended.",
			"If several active business users have the address, give them addresses of their own, or lock those that nobody uses.",
			"A service user sees the business users that its access rights allow: they must not be restricted to some.",
		},
		target.Throttled: {
			"Wait as long as the system asks, or some minutes; the next test or full sync cycle tries again by itself.",
			"If it keeps happening, lengthen the interval of the sync policy, or ask SAP for the limits of the tenant.",
		},
		target.Misconfigured: {
			"Compare url with what a browser shows: https://my123456.crm.ondemand.com, without what follows, or with " +
				"/sap/c4c/odata/v1/c4codataapi/.",
			"Open url followed by /sap/c4c/odata/v1/c4codataapi/ in a browser and sign in as the service user: it has to list " +
				"collections. SAP Sales Cloud and SAP Service Cloud version 2 have another API, which is not offered here.",
			"If it answers with a page to sign in, an identity provider is in between: use the address of the tenant, and a " +
				"user who signs in with a password.",
			"If the certificate is not trusted, set ca_certificate to the certificate of the authority that signed it (PEM).",
		},
	}
}
