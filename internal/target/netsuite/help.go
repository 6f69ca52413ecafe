package netsuite

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// auditTrail is the help step about NetSuite's reason for rejecting a sign-in.
const auditTrail = "Setup → Users/Roles → User Management → View Login Audit Trail → Use Advanced Search: the field Detail " +
	"shows why the sign-in was rejected. Add it on the subtab Results, with Token-based Access Token Name and Token-based " +
	"Application Name."

// help lists the steps that fix each fault, with the screen in NetSuite.
func help() map[target.Code][]string {
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			target.HelpSystemDown("NetSuite"),
			"Look up the service at https://status.netsuite.com, and the maintenance windows that NetSuite announces in its own pages.",
			"Compare account_id with Setup → Company → Company Information: it determines the host names, which Company URLs on " +
				"the same page lists under SuiteTalk and RESTlets.",
			"If there is no response at all, the cause is a firewall or a missing proxy (HTTPS_PROXY) on the machine that runs this: " +
				"both hosts must be reachable.",
		},
		target.GivenCredentials: {
			auditTrail,
			"InvalidSignature there: one of the two secrets is wrong. NetSuite shows them only once. Reset the credentials of " +
				"the integration record (Setup → Integration → Manage Integrations → Edit → Reset Credentials), or create a " +
				"new access token. Set key and secret together in the connection.",
			"Setup → Users/Roles → Access Tokens: check that the token exists, for this integration, and is not revoked. Tokens " +
				"of production are not copied to a sandbox, and a refresh of the sandbox removes those it had.",
			"Lists → Employees → the user → Access: the user must be active and not locked, and must still have the role that " +
				"the token was created for.",
		},
		target.WrongIdentity: {
			"Compare username with the user of the token (Setup → Users/Roles → Access Tokens). If it is another user's, create a " +
				"token for the right user, and set its id and secret together.",
			"Compare account_id with Setup → Company → Company Information of the account that the token was created in: a " +
				"sandbox has its own id, such as 1234567_SB1.",
			"With api_url, check which account it leads to.",
		},
		target.InsufficientPermission: {
			"Setup → Users/Roles → Manage Roles → the role of the token → Permissions: on Setup, grant Log in using Access " +
				"Tokens and REST Web Services. On Reports, grant SuiteAnalytics Workbook. On Lists, grant Contacts, Events, " +
				"Track Messages and Employees, each at least with the level View.",
			"Setup → Company → Enable Features → SuiteCloud: check REST Web Services, and Token-based Authentication. On Analytics, " +
				"check SuiteAnalytics Workbook.",
			"If username could not be compared: leave it out, or clear Web Services Only Role in Setup → Users/Roles → Manage " +
				"Roles → the role. Only other roles may read the user of their token.",
			"consumer_key_refused: Setup → Integration → Manage Integrations → the integration: set State to Enabled.",
			auditTrail,
		},
		target.UserNotFound: {
			"Lists → Employees → Employees: find the user. The address must be in the field Email, and Inactive must not be checked.",
			target.HelpSeveralUsers("active employees", "deactivate"),
			"If the employee exists, check whether the role is restricted to another subsidiary.",
		},
		target.Throttled: {
			target.HelpWait("a minute"),
			"Setup → Integration → Integration Governance shows how many concurrent requests the account may have, and which programs " +
				"make them. The limit is for all web services and RESTlets together.",
			"Lengthen the interval of the sync policy, or ask NetSuite for SuiteCloud Plus licenses.",
		},
		target.Misconfigured: {
			"Compare account_id with Setup → Company → Company Information, and the hosts with Company URLs on the same page. An " +
				"unknown host, or one that returns 404, belongs to another account.",
			"timestamp_refused, nonce_used: the clock of this machine must be correct within five minutes, and nothing may repeat " +
				"its requests.",
			"FeatureDisabled: Setup → Company → Enable Features → SuiteCloud → Manage Authentication: check Token-based " +
				"Authentication; the integration record needs it checked as well.",
			"With api_url, the server at that address must serve /services/rest and /rest/tokeninfo under its name: the address is " +
				"part of the signature.",
			target.HelpTrustCertificate,
		},
	}
}
