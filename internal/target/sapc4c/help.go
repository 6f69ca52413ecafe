package sapc4c

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// help lists the steps that fix each fault, with the screen in SAP Cloud for Customer.
func help() map[target.Code][]string {
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			target.HelpSystemDown("SAP Cloud for Customer"),
			"Check https://www.sap.com/about/trust-center/cloud-service-status.html for a downtime or an incident at SAP.",
			target.HelpOpenInBrowser(tenantURL),
		},
		target.GivenCredentials: {
			"Sign in at url in a browser with the same user ID and password. A new user must choose another password first.",
			"Administrator → General Settings → Users → Business Users → the user: \"User Locked\" and \"Password Locked\" must " +
				"be off (Unlock), and the validity must not have ended. SAP returns the same error for a locked user and for a wrong " +
				"password.",
			"Edit → Attributes → the user's security policy: choose one whose passwords do not expire. If the password has " +
				"expired, Actions → Edit Password.",
			"For the technical user of a communication arrangement: Administrator → General Settings → Communication " +
				"Arrangements → the arrangement → Edit Credentials; the authentication method is User ID and Password.",
			target.HelpCorrectPassword,
		},
		target.WrongIdentity: {
			"SAP Cloud for Customer does not report who signed in: compare url with the intended tenant.",
		},
		target.InsufficientPermission: {
			"Administrator → General Settings → Users → Business Users → the service user → Edit → Access Rights: assign a " +
				"business role with the work centers of the failed test. These are Customers (contacts), Calendar or " +
				"Activities (appointments), Activities (e-mails) and Administrator (business users).",
			"For the technical user of a communication arrangement: in Communication Arrangements, scenario OData Services for " +
				"Business Objects, add the service c4codataapi.",
			"Sign in as the service user and open the same list in a browser: a list that is empty or missing there fails here too.",
		},
		target.UserNotFound: {
			"Administrator → General Settings → Users → Business Users: find the user. The e-mail address of the employee must " +
				"be this one, as entered or in lower case; \"User Locked\" must be off, and the validity must not have ended.",
			target.HelpSeveralUsers("active business users", "lock"),
			"A service user sees only the business users that its access rights allow: they must not be restricted.",
		},
		target.Throttled: {
			target.HelpWait("some minutes"),
			"If it keeps happening, lengthen the interval of the sync policy, or ask SAP for the limits of the tenant.",
		},
		target.Misconfigured: {
			"Compare url with the address in a browser: https://my123456.crm.ondemand.com, without a path, or with " +
				"/sap/c4c/odata/v1/c4codataapi/.",
			"Open url followed by /sap/c4c/odata/v1/c4codataapi/ in a browser and sign in as the service user: it must list " +
				"collections. SAP Sales Cloud and SAP Service Cloud version 2 have another API, which is not supported.",
			"If it returns a sign-in page, an identity provider is in between: use the address of the tenant, and a user who signs " +
				"in with a password.",
			target.HelpTrustCertificate,
		},
	}
}
