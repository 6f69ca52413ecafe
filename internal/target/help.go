package target

// HelpTrustCertificate is the help step about a server certificate that is not trusted.
const HelpTrustCertificate = "If the certificate is not trusted, set ca_certificate to the certificate of the authority that " +
	"signed it (PEM)."

// HelpLateCertificate is the help step about a server that requests a client certificate only after the request.
const HelpLateCertificate = "Make the server request the client certificate at the start of every TLS connection. Late " +
	"authentication, after the request, is not supported over TLS 1.3; over TLS 1.2 it works, if the server allows that. In IIS, " +
	"`netsh http show sslcert` must show \"Negotiate Client Certificate : Enabled\" for the address. In Apache, set " +
	"SSLVerifyClient for the virtual host instead of a location."

// HelpUnclear is the first help step of a refusal that contains no known statement about the credentials.
const HelpUnclear = "The response does not say that the credentials are wrong. Check whether a proxy, a firewall or a sign-in " +
	"gateway responded instead of the system."

// HelpCorrectPassword is the help step about a wrong password.
const HelpCorrectPassword = "Set the right password in the connection. Rejected credentials are retried at most once in 15 " +
	"minutes, so that the account is not locked."

// HelpCorrectUser is the help step about a sign-in as the wrong user.
const HelpCorrectUser = "If it is the wrong user, set username and password of the right one."

// HelpSystemDown returns the help step that finds out whether the system is down. The place is where users sign in.
func HelpSystemDown(place string) string {
	return "Sign in to " + place + " as a normal user. If no user can sign in, the system is down. Wait, or contact its " +
		"administrators."
}

// HelpOpenInBrowser returns the help step that finds out whether the address in a field can be reached.
func HelpOpenInBrowser(field string) string {
	return "Open " + field + " in a browser on the machine that runs this. If nothing loads, the cause is a wrong host name, a " +
		"firewall or a missing proxy (HTTPS_PROXY)."
}

// HelpWait returns the help step about throttling, with the time to wait if the system requests none.
func HelpWait(wait string) string {
	return "Wait as long as the system requests, or " + wait + ". The next test or full sync cycle retries automatically."
}

// HelpSeveralUsers returns the help step about several users with one address. Users is what the system calls its active
// users, and deactivate is the verb for making one inactive.
func HelpSeveralUsers(users, deactivate string) string {
	return "If several " + users + " have the address, give them addresses of their own, or " + deactivate + " unused accounts."
}
