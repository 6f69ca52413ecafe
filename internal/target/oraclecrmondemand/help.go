package oraclecrmondemand

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// help lists the steps that fix each fault, with the screen in Oracle CRM On Demand.
func help() map[target.Code][]string {
	const management = "Admin → User Management and Access Controls"
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			target.HelpSystemDown("Oracle CRM On Demand"),
			"Check Oracle's maintenance notices.",
			"If the session is lost repeatedly (SBL-ODU-01006): Admin → Company Administration → Company Profile, clear Web " +
				"Services R16 Compatibility Mode, and check whether Active Session Duration ends sessions early.",
			target.HelpOpenInBrowser(serverURL),
		},
		target.GivenCredentials: {
			"In a browser, sign in with the same user sign-in ID and password. The user sign-in ID is COMPANY/user, not the e-mail " +
				"address. A new user must choose another password first.",
			management + " → User Management → the user: check that the status is Active; Reset Password or Unlock, if the user " +
				"is locked. Oracle returns the same error for a locked user and for a wrong password.",
			"Admin → Company Administration → Sign In and Password Control: check when passwords expire and how many attempts are " +
				"allowed. Exempt the service user, if your rules allow it.",
			target.HelpCorrectPassword,
		},
		target.WrongIdentity: {
			"Compare the user who signed in with username: User Sign In ID in " + management + " → User Management → the user.",
			target.HelpCorrectUser,
		},
		target.InsufficientPermission: {
			management + " → Role Management → the service user's role → step 4, Privileges → Integration: Web Services: Enable " +
				"Web Services Access. If it is missing, ask Oracle for Manage Access to Web Services.",
			"The same role, step 2, Record Type Access: Has Access and Can Read All Records for contacts and activities; for the " +
				"users, the privilege Manage Users.",
			"The access profiles of the role must allow reading contacts and activities.",
		},
		target.UserNotFound: {
			management + " → User Management: find the user. The e-mail address must be this one, as entered or in lower case, " +
				"and the status must be Active.",
			target.HelpSeveralUsers("active users", "deactivate"),
		},
		target.Throttled: {
			target.HelpWait("some minutes"),
			"\"Allotment\" means that the web services of the day are exhausted: Admin → Company Administration → Service Allotment " +
				"Administration. Lengthen the interval of the sync policy, or buy more.",
			"SBL-ODU-01006 at the login means that all sessions of the company are in use: there are ten, unless Oracle allows more. " +
				"Other programs should log off; idle sessions end after ten minutes.",
		},
		target.Misconfigured: {
			"Compare url with the address in a browser when you are signed in: https://secure-… .crmondemand.com, without a path.",
			"If it returns a web page, a proxy or single sign-on is in between: use the address of the web services.",
			"If Oracle reports a security token or stateless requests, a proxy changes the calls: this provider logs in with a " +
				"session.",
			target.HelpTrustCertificate,
		},
	}
}
