package entra

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// Help lists the steps that fix a fault in the Microsoft Entra admin center, https://entra.microsoft.com. Systems add their own
// steps before or after these.
func Help(code target.Code) []string {
	switch code {
	case target.SystemNotAvailable:
		return []string{
			"Look at https://admin.microsoft.com → Health → Service health, and for Microsoft Entra ID at https://status.cloud.microsoft.",
		}
	case target.GivenCredentials:
		return []string{
			"Entra admin center → App registrations → the app → Certificates & secrets: check that the client secret or the " +
				"certificate exists and has not expired. Use the value of a secret, not its Secret ID; the value is shown only when " +
				"the secret is created.",
			"With certificate: compare its thumbprint with the one on that screen. The clock of this machine must be correct within " +
				"five minutes.",
			"Entra admin center → Monitoring & health → Sign-in logs → Service principal sign-ins: find the reason by the " +
				"correlation id in the message.",
		}
	case target.WrongIdentity:
		return []string{
			"Compare tenant_id with Entra admin center → Overview, and client_id with App registrations → the app → Overview.",
		}
	case target.InsufficientPermission:
		return []string{
			"Entra admin center → App registrations → the app → API permissions: add the missing permissions, then Grant admin consent.",
			"Entra admin center → Enterprise applications → the app → Properties: Enabled for users to sign-in must be Yes. " +
				"Conditional Access → Policies must not block the app or this machine's address.",
		}
	case target.UserNotFound:
		return nil
	case target.Throttled:
		return []string{target.HelpWait("some minutes")}
	case target.Misconfigured:
		return []string{
			"Compare tenant_id with Entra admin center → Overview, Tenant ID, and client_id with App registrations → the app → " +
				"Overview, Application (client) ID. In a tenant other than its own, the app must be an enterprise application.",
			"For a national cloud, set authority_url to its sign-in host.",
			target.HelpTrustCertificate,
		}
	}
	return nil
}
