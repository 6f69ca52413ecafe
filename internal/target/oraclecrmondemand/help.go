package oraclecrmondemand

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// help tells for each fault what to do next, in order, with the screen in Oracle CRM On Demand.
func help() map[target.Code][]string {
	const management = "Admin → User Management and Access Controls"
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			"Sign in to Oracle CRM On Demand as a normal user. If nobody can, the system is down: wait, or see Oracle's notices " +
				"of maintenance.",
			"If the session is lost again and again (SBL-ODU-01006): Admin → Company Administration → Company Profile, clear Web " +
				"Services R16 Compatibility Mode, and see whether Active Session Duration ends sessions early.",
			"Open url in a browser on the machine that runs this. Nothing at all means a wrong host name, a firewall or a " +
				"missing proxy (HTTPS_PROXY).",
		},
		target.GivenCredentials: {
			"In a browser, sign in with the same user sign-in ID and password. The user sign-in ID is COMPANY/user, not the e-mail " +
				"address. A new user has to choose another password first.",
			management + " → User Management → the user: see whether the status is Active; Reset Password or Unlock, if the user " +
				"is locked. Oracle does not tell a locked user from a wrong password.",
			"Admin → Company Administration → Sign In and Password Control: see when passwords expire and how many attempts there " +
				"are. Exempt the service user, if your rules allow it.",
			"Give the connection the right password. Refused credentials are tried at most twice within 15 minutes, so that the " +
				"user is not locked.",
		},
		target.WrongIdentity: {
			"Compare the user who signed in with username: User Sign In ID in " + management + " → User Management → the user.",
			"If it is the wrong user, give username and password of the right one.",
		},
		target.InsufficientPermission: {
			management + " → Role Management → the service user's role → step 4, Privileges → Integration: Web Services: Enable " +
				"Web Services Access. If it is missing, ask Oracle for Manage Access to Web Services.",
			"The same role, step 2, Record Type Access: Has Access and Can Read All Records for contacts and activities; for the " +
				"users, the privilege Manage Users.",
			"The access profiles of the role have to let contacts and activities be read.",
		},
		target.UserNotFound: {
			management + " → User Management: find the user. The e-mail address has to be this one, in the same letters or in small " +
				"ones, and the status has to be Active.",
			"If several active users have the address, give them addresses of their own, or deactivate those that nobody uses.",
		},
		target.Throttled: {
			"Wait as long as the system asks, or some minutes; the next test or full sync cycle tries again by itself.",
			"\"Allotment\" means that the web services of the day are used up: Admin → Company Administration → Service Allotment " +
				"Administration. Lengthen the interval of the sync policy, or buy more.",
			"SBL-ODU-01006 at the login means that all sessions of the company are in use: there are ten, unless Oracle allows more. " +
				"Have other programs log off; idle sessions end after ten minutes.",
		},
		target.Misconfigured: {
			"Compare url with what a browser shows when you are signed in: https://secure-… .crmondemand.com, without what follows.",
			"If it answers with a page, a proxy or single sign-on is in between: use the address that web services have.",
			"If Oracle speaks of a security token or of stateless requests, something in between changes the calls: this provider " +
				"logs in with a session.",
			"If the certificate is not trusted, set ca_certificate to the certificate of the authority that signed it (PEM).",
		},
	}
}
