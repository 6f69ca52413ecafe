package netsuite

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// auditTrail is where NetSuite tells why it refused a sign-in.
const auditTrail = "Setup → Users/Roles → User Management → View Login Audit Trail, with Use Advanced Search and, on the " +
	"subtab Results, the fields Detail, Token-based Access Token Name and Token-based Application Name: Detail tells why the " +
	"sign-in was refused."

// help tells for each fault what to do next, in order, with the screen in NetSuite.
func help() map[target.Code][]string {
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			"Sign in to NetSuite as a normal user. If nobody can, the system is down: wait, or tell its administrators.",
			"Look the service up at https://status.netsuite.com, and maintenance in the window that NetSuite announces in its " +
				"own pages.",
			"Compare account_id with Setup → Company → Company Information: it makes the names of the hosts, which Company URLs on " +
				"the same page lists under SuiteTalk and RESTlets.",
			"No answer at all means a firewall or a missing proxy (HTTPS_PROXY) on the machine that runs this: both hosts have " +
				"to be reachable.",
		},
		target.GivenCredentials: {
			auditTrail,
			"InvalidSignature there: one of the two secrets is wrong. NetSuite shows them once only: reset the credentials of the " +
				"integration record (Setup → Integration → Manage Integrations → Edit → Reset Credentials), or make a new access " +
				"token, and give the connection key and secret together.",
			"Setup → Users/Roles → Access Tokens: see whether the token is there, for this integration, and not revoked. Tokens " +
				"of production are not copied to a sandbox, and a refresh of the sandbox removes those it had.",
			"Lists → Employees → the user → Access: the user has to be active, may not be locked, and still needs the role that " +
				"the token was made for.",
		},
		target.WrongIdentity: {
			"Compare username with the user of the token (Setup → Users/Roles → Access Tokens). If it is somebody else's, make a " +
				"token for the right user, and give its id and secret together.",
			"Compare account_id with Setup → Company → Company Information of the account that the token was made in: a sandbox " +
				"has an id of its own, such as 1234567_SB1.",
			"With api_url, see whose account answers there.",
		},
		target.InsufficientPermission: {
			"Setup → Users/Roles → Manage Roles → the role of the token → Permissions: on Setup, grant Log in using Access Tokens " +
				"and REST Web Services; on Reports, SuiteAnalytics Workbook; on Lists, Contacts, Events, Track Messages and " +
				"Employees, each with the level View at least.",
			"Setup → Company → Enable Features → SuiteCloud: check REST Web Services, and Token-based Authentication. On Analytics, " +
				"check SuiteAnalytics Workbook.",
			"If username could not be compared: leave it out, or clear Web Services Only Role in Setup → Users/Roles → Manage " +
				"Roles → the role. Only other roles may ask whose token it is.",
			"consumer_key_refused: Setup → Integration → Manage Integrations → the integration: set State to Enabled.",
			auditTrail,
		},
		target.UserNotFound: {
			"Lists → Employees → Employees: find the user. The address counts that is in the field Email, and Inactive must not be " +
				"checked.",
			"If several active employees have the address, give them addresses of their own, or make those inactive that nobody " +
				"uses.",
			"If the employee is there, see whether the role is restricted to a subsidiary that the employee is not in.",
		},
		target.Throttled: {
			"Wait a minute, or as long as the system asks; the next test or full sync cycle tries again by itself.",
			"Setup → Integration → Integration Governance: see how many requests the account may have under way at once, and who " +
				"has them. The limit is for all web services and RESTlets together.",
			"Lengthen the interval of the sync policy, or ask NetSuite for SuiteCloud Plus licences.",
		},
		target.Misconfigured: {
			"Compare account_id with Setup → Company → Company Information, and the hosts with Company URLs on the same page. A " +
				"host that is unknown or answers 404 is that of another account.",
			"timestamp_refused, nonce_used: the clock of this machine has to be right, within five minutes, and nothing may repeat " +
				"its requests.",
			"FeatureDisabled: Setup → Company → Enable Features → SuiteCloud → Manage Authentication: check Token-based " +
				"Authentication; the integration record needs it checked as well.",
			"With api_url, whatever stands there has to serve /services/rest and /rest/tokeninfo under that name: the address is " +
				"part of what is signed.",
			"If the certificate is not trusted, set ca_certificate to the certificate of the authority that signed it (PEM).",
		},
	}
}
