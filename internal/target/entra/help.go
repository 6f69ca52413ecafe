package entra

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// Help tells for a fault what to do next in the Microsoft Entra admin center, https://entra.microsoft.com. Systems put
// their own steps before it or after it.
func Help(code target.Code) []string {
	switch code {
	case target.SystemNotAvailable:
		return []string{
			"Look at https://admin.microsoft.com → Health → Service health, and for Microsoft Entra ID at https://status.cloud.microsoft.",
		}
	case target.GivenCredentials:
		return []string{
			"Entra admin center → App registrations → the app → Certificates & secrets: see whether the client secret or the " +
				"certificate is there and has not expired. Give the value of a secret, not its Secret ID; it is shown only when " +
				"the secret is made.",
			"With certificate: compare its thumbprint with the one on that screen. The clock of this machine has to be right, " +
				"within five minutes.",
			"Entra admin center → Monitoring & health → Sign-in logs → Service principal sign-ins: the reason is under the " +
				"correlation id of the message.",
		}
	case target.WrongIdentity:
		return []string{
			"Compare tenant_id with Entra admin center → Overview, and client_id with App registrations → the app → Overview.",
		}
	case target.InsufficientPermission:
		return []string{
			"Entra admin center → App registrations → the app → API permissions: add what is missing, then Grant admin consent.",
			"Entra admin center → Enterprise applications → the app → Properties: Enabled for users to sign-in has to be Yes. " +
				"Conditional Access → Policies must not block the app or this machine's address.",
		}
	case target.UserNotFound:
		return nil
	case target.Throttled:
		return []string{"Wait as long as the system asks; the next test or full sync cycle tries again by itself."}
	case target.Misconfigured:
		return []string{
			"Compare tenant_id with Entra admin center → Overview, Tenant ID, and client_id with App registrations → the app → " +
				"Overview, Application (client) ID. In another tenant than its own, the app has to be an enterprise application.",
			"For a national cloud, set authority_url to its sign-in host.",
			"If a certificate of the server is not trusted, set ca_certificate to that of the authority that signed it (PEM).",
		}
	}
	return nil
}
