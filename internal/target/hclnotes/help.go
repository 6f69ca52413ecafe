package hclnotes

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// help tells for each fault what to do next, in order, with the document in Domino Administrator.
func help() map[target.Code][]string {
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			"Sign in to HCL Verse or iNotes as a normal user. If nobody can, the server is down: wait, or tell its administrators.",
			"Open url in a browser on the machine that runs this. Nothing at all means a wrong host name, a firewall or a missing " +
				"proxy (HTTPS_PROXY).",
			"On the server console, show tasks lists HTTP Server; restart task http starts it anew.",
			"If Domino answers 5xx, read the server's log (log.nsf, Miscellaneous Events) at that time.",
		},
		target.GivenCredentials: {
			"In a browser, sign in with the same user name and password, at the address of the server followed by /names.nsf.",
			"Domino Administrator → People & Groups → the Person document → Basics: the password is the Internet password, not " +
				"that of the Notes ID; set it anew if in doubt.",
			"inetlockout.nsf → Locked Out Users: if the service account is there, select it and Mark for Delete/Unlock.",
			"Where the server document has Fewer name variations with higher security (Security → Internet Access), give username " +
				"as the hierarchical name.",
			"If the person's user name is in a group of Not access server (Server document → Security), take it out.",
			"Give the connection the right password. Refused credentials are tried at most twice within 15 minutes, so that the " +
				"account is not locked out.",
		},
		target.WrongIdentity: {
			"Compare the name that Domino tells with username, and its O= with organization_id.",
			"After the Administration Process renamed the service account, its old name still signs in: give username as the " +
				"first name in the Person document → Basics → User name.",
			"If it is the wrong account, give username and password of the right one.",
			"If Domino answers as somebody else, a proxy in front of it mixes sessions up or signs in by itself: have it pass the " +
				"headers Authorization and Cookie on, and cache nothing.",
		},
		target.InsufficientPermission: {
			"Open the user's mail file in Notes: File → Application → Access Control. Add the service account, or a group with it, " +
				"as Person or Person group with the level Editor; Delete documents on.",
			"In the same dialogue, Advanced: Maximum Internet name and password must be Editor or higher.",
			"For many mail files at once: Domino Administrator → Files → select them → Tools → Database → Manage ACL.",
			"If the Domino Directory is refused: names.nsf → Access Control, the service account needs Reader, and Maximum Internet " +
				"name and password Reader or higher.",
			"If Domino says 403, the database's property Don't allow URL open may be on (File → Application → Properties).",
		},
		target.UserNotFound: {
			"Domino Administrator → People & Groups → the user's Person document → Basics: Internet address has to be this address. " +
				"An alias in User name is not enough.",
			"If several documents match, groups and mail-in databases included, give them addresses of their own.",
			"Person document → Mail: Mail system has to be Notes (HCL Domino), and Mail file and Mail server those of the user.",
			"If the mail file is on another server, or in no replica on this one: have a connection with the url of that server, " +
				"or replicate the mail file.",
			"The test of contacts reads the view Contacts, which mail files have with the template of Notes 8.5 or newer.",
		},
		target.Throttled: {
			"Wait as long as the server asks, or some minutes; the next test or full sync cycle tries again by itself.",
			"Domino itself has no such limit: find the proxy or gateway in front of it, and raise its limit for this machine.",
			"If it keeps happening, lengthen the interval of the sync policy.",
		},
		target.Misconfigured: {
			"Domino Administrator → Configuration → Server document → Internet Protocols → Domino Web Engine → Domino Access " +
				"Services, Enabled services: add Calendar and Mail. With Internet Sites it is the Web Site document → Configuration → " +
				"Domino Access Services. Then restart task http.",
			"Compare url with the address of the server in a browser, without /names.nsf or a mail file.",
			"If authentication is set, leave it out: the server is asked then. Or set it to what Domino Web Engine → Session " +
				"authentication says: Disabled is basic, anything else session.",
			"With SAML or another sign-in page in front, add a Web Site rule of the type Override Session Authentication for " +
				"/api* and /mail*/api*, and set authentication to basic.",
			"The service account needs a mail file on this server: Domino tells by it who signed in. Person document → Mail.",
			"The Calendar service is there since Domino 9.0.1, the Mail service since 9.0.1 Fix Pack 10.",
			"If the certificate is not trusted, set ca_certificate to the certificate of the authority that signed it (PEM).",
		},
	}
}
