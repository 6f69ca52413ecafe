package suitecrm

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// help lists the steps that fix each fault, with the screen in SuiteCRM.
func help() map[target.Code][]string {
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			target.HelpSystemDown("SuiteCRM"),
			target.HelpOpenInBrowser(instanceURL),
			"suitecrm.log in the folder of the instance (SuiteCRM 8: public/legacy/suitecrm.log), and the error log of the web " +
				"server, show what failed.",
		},
		target.GivenCredentials: {
			"Sign in to SuiteCRM in a browser with the same user name and password. The user name is the one in Admin → User " +
				"Management, not the email address; the user's Status must be Active.",
			"\"Client authentication failed\" is about the OAuth2 client: Admin → OAuth2 Clients and Tokens → the client, Allowed " +
				"Grant Type must be Password. SuiteCRM does not show the secret; set a new one there and in the connection.",
			"The API does not accept the password of a user who signs in with LDAP or SAML: set one for the service user in SuiteCRM.",
			"If the password or the secret contains one of \" ' < > or a backtick, try one without: SuiteCRM escapes these.",
		},
		target.WrongIdentity: {
			"Compare the user who signed in with username, which is the User Name in Admin → User Management.",
			target.HelpCorrectUser,
		},
		target.InsufficientPermission: {
			"Admin → Role Management: the roles of the service user need Access Enabled, and List and View set to All, for " +
				"Contacts, Meetings, Emails and Users.",
			"Admin → Security Suite Group Management: group access can hide the records of users from the service user.",
			"Admin → Repair → Repair Roles, if a module was added recently.",
		},
		target.UserNotFound: {
			"Admin → User Management: find the user. One of the user's email addresses must be this one, and the Status must be " +
				"Active.",
			target.HelpSeveralUsers("active users", "deactivate"),
			"SuiteCRM also finds a user by a removed address. Make the address the primary one of the right user.",
		},
		target.Throttled: {
			target.HelpWait("some minutes"),
			"SuiteCRM has no limits of its own: check the web server, and the proxy or hosting service in front of it.",
		},
		target.Misconfigured: {
			"SuiteCRM 8 has its API below /legacy: set url to https://crm.example.com/legacy. SuiteCRM 7 has it below the " +
				"address of the instance itself, in /Api.",
			"If /Api is not found (404) in SuiteCRM 7, Admin → Repair → Rebuild .htaccess File, and allow the web server to use " +
				"it (AllowOverride All, mod_rewrite).",
			"If SuiteCRM reports a problem with a key, create the keys for tokens in Api/V8/OAuth2 (SuiteCRM 8: " +
				"public/legacy/Api/V8/OAuth2): `openssl genrsa -out private.key 2048`, then `openssl rsa -in private.key " +
				"-pubout -out public.key`. Make the web server's user their owner, with `chmod 600 *.key`.",
			"\"OAuth2Clients module with id … is not found\" means that client_id is not in Admin → OAuth2 Clients and Tokens.",
			"\"Missing \"Authorization\" header\" means that the web server removes it: Admin → Repair → Rebuild .htaccess File, or " +
				"`CGIPassAuth On` for Apache with PHP-FPM.",
			"SuiteCRM finds users by address from 7.12.3 on: update older versions.",
			target.HelpTrustCertificate,
		},
	}
}
