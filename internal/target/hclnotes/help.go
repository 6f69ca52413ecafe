package hclnotes

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// help lists the steps that fix each fault, with the document in Domino Administrator.
func help() map[target.Code][]string {
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			target.HelpSystemDown("HCL Verse or iNotes"),
			target.HelpOpenInBrowser(serverURL),
			"On the server console, show tasks lists HTTP Server; restart task http restarts it.",
			"If Domino returns 5xx, read the server's log (log.nsf, Miscellaneous Events) at that time.",
		},
		target.GivenCredentials: {
			"In a browser, sign in with the same user name and password, at the address of the server followed by /names.nsf.",
			"Domino Administrator → People & Groups → the Person document → Basics: the password is the Internet password, not " +
				"that of the Notes ID; if you are not sure, set it again.",
			"inetlockout.nsf → Locked Out Users: if the service account is there, select it and Mark for Delete/Unlock.",
			"If the server document has Fewer name variations with higher security (Security → Internet Access), set username to " +
				"the hierarchical name.",
			"If the user name is in a group of Not access server (Server document → Security), remove it.",
			target.HelpCorrectPassword,
		},
		target.WrongIdentity: {
			"Compare the name in the message with username, and its O= with organization_id.",
			"After the Administration Process renamed the service account, its old name still signs in: set username to the first " +
				"name in the Person document → Basics → User name.",
			target.HelpCorrectUser,
			"If Domino names another user, a proxy in front of it mixes up sessions or signs in on its own: it must pass on the " +
				"headers Authorization and Cookie, and cache nothing.",
		},
		target.InsufficientPermission: {
			"Open the user's mail file in Notes: File → Application → Access Control. Add the service account, or a group with it, " +
				"as Person or Person group with the level Editor; Delete documents on.",
			"In the same dialog, Advanced: Maximum Internet name and password must be Editor or higher.",
			"For many mail files at once: Domino Administrator → Files → select them → Tools → Database → Manage ACL.",
			"If the Domino Directory cannot be read: names.nsf → Access Control, the service account needs Reader, and Maximum " +
				"Internet name and password Reader or higher.",
			"If Domino returns 403, the database's property Don't allow URL open may be on (File → Application → Properties).",
		},
		target.UserNotFound: {
			"Domino Administrator → People & Groups → the user's Person document → Basics: Internet address must be this address. " +
				"An alias in User name is not enough.",
			"If several documents match, groups and mail-in databases included, give them addresses of their own.",
			"Person document → Mail: Mail system must be Notes (HCL Domino), and Mail file and Mail server those of the user.",
			"If the mail file is on another server, without a replica on this one: create a connection with the url of that server, " +
				"or replicate the mail file.",
			"The test of contacts reads the view Contacts, which mail files have with the template of Notes 8.5 or newer.",
		},
		target.Throttled: {
			target.HelpWait("some minutes"),
			"Domino itself has no such limit: find the proxy or gateway in front of it, and raise its limit for this machine.",
			"If it keeps happening, lengthen the interval of the sync policy.",
		},
		target.Misconfigured: {
			"Domino Administrator → Configuration → Server document → Internet Protocols → Domino Web Engine → Domino Access " +
				"Services, Enabled services: add Calendar and Mail. With Internet Sites it is the Web Site document → Configuration → " +
				"Domino Access Services. Then restart task http.",
			"Compare url with the address of the server in a browser, without /names.nsf or a mail file.",
			"If authentication is set, leave it out: then it is detected. Or set it to what Domino Web Engine → Session " +
				"authentication shows: Disabled is basic, anything else session.",
			"With SAML or another sign-in page in front, add a Web Site rule of the type Override Session Authentication for " +
				"/api* and /mail*/api*, and set authentication to basic.",
			"The service account needs a mail file on this server: Domino identifies the account by it. Person document → Mail.",
			"The Calendar service is available since Domino 9.0.1, the Mail service since 9.0.1 Fix Pack 10.",
			target.HelpTrustCertificate,
		},
	}
}
