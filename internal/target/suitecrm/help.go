package suitecrm

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// help tells for each fault what to do next, in order, with the screen in SuiteCRM.
func help() map[target.Code][]string {
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			"Sign in to SuiteCRM as a normal user. If nobody can, the system is down: wait, or tell its administrators.",
			"Open url in a browser on the machine that runs this. Nothing at all means a wrong host name, a firewall or a " +
				"missing proxy (HTTPS_PROXY).",
			"suitecrm.log in the folder of the instance (SuiteCRM 8: public/legacy/suitecrm.log), and the error log of the web " +
				"server, tell what failed.",
		},
		target.GivenCredentials: {
			"Sign in to SuiteCRM in a browser with the same user name and password. The user name is the one in Admin → User " +
				"Management, not the email address; the user's Status has to be Active.",
			"\"Client authentication failed\" is about the OAuth2 client: Admin → OAuth2 Clients and Tokens → the client, Allowed " +
				"Grant Type has to be Password. SuiteCRM does not show the secret; set a new one there and give it to the " +
				"connection.",
			"A user who signs in with LDAP or SAML has no password that the API knows: give the service user one in SuiteCRM.",
			"If the password or the secret has one of \" ' < > or a backtick in it, try one without: SuiteCRM changes these.",
			"\"Access token could not be verified\" right after a sign-in means that public.key and private.key in " +
				"Api/V8/OAuth2 are no pair: make them anew.",
		},
		target.WrongIdentity: {
			"Compare the user who signed in with username. It is the User Name in Admin → User Management.",
			"If it is the wrong user, give username and password of the right one.",
		},
		target.InsufficientPermission: {
			"Admin → Role Management: the roles of the service user need Access Enabled, and List and View set to All, for " +
				"Contacts, Meetings, Emails and Users.",
			"Admin → Security Suite Group Management: group access can hide the records of users from the service user.",
			"Admin → Repair → Repair Roles, if a module was added lately.",
		},
		target.UserNotFound: {
			"Admin → User Management: find the user. One of the user's email addresses has to be this one, and the Status has to " +
				"be Active.",
			"If several active users have the address, give them addresses of their own, or deactivate those that nobody uses.",
			"SuiteCRM also finds a user by an address that was removed from them. Make the address the primary one of the " +
				"right user.",
		},
		target.Throttled: {
			"Wait as long as the system asks, or some minutes; the next test or full sync cycle tries again by itself.",
			"SuiteCRM has no limits of its own: look at the web server, or the proxy or hosting service in front of it.",
		},
		target.Misconfigured: {
			"SuiteCRM 8 has its API below /legacy: write url as https://crm.example.com/legacy. SuiteCRM 7 has it below the " +
				"address of the instance itself, in /Api.",
			"If /Api is not found (404) in SuiteCRM 7, Admin → Repair → Rebuild .htaccess File, and allow the web server to use " +
				"it (AllowOverride All, mod_rewrite).",
			"If SuiteCRM speaks of a key, make the keys for tokens: in Api/V8/OAuth2 (SuiteCRM 8: public/legacy/Api/V8/OAuth2), " +
				"`openssl genrsa -out private.key 2048`, `openssl rsa -in private.key -pubout -out public.key`, `chmod 600 *.key`, " +
				"and have the web server's user own them.",
			"\"OAuth2Clients module with id … is not found\" means that client_id is none of Admin → OAuth2 Clients and Tokens.",
			"\"Missing \"Authorization\" header\" means that the web server drops it: Admin → Repair → Rebuild .htaccess File, or " +
				"`CGIPassAuth On` for Apache with PHP-FPM.",
			"Users can be found by address from SuiteCRM 7.12.3 on: update older ones.",
			"If the certificate is not trusted, set ca_certificate to the certificate of the authority that signed it (PEM).",
		},
	}
}
