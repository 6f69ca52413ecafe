package dynamics365

import (
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

// help tells for each fault what to do next, in order, with the screen: in the Power Platform admin center
// (https://admin.powerplatform.microsoft.com) and in the Microsoft Entra admin center.
func help() map[target.Code][]string {
	own := map[target.Code][]string{
		target.SystemNotAvailable: {
			"Sign in to Dynamics 365 as a normal user, at the address in url. If nobody can, the system is down: wait, or tell its " +
				"administrators.",
			"Power Platform admin center → Environments → the environment: see whether it is ready, and neither disabled nor in " +
				"administration mode.",
			"Open url in a browser on the machine that runs this. Nothing at all means a wrong host name, a firewall or a missing " +
				"proxy (HTTPS_PROXY).",
		},
		target.GivenCredentials: {
			"Power Platform admin center → Environments → the environment → Settings → Users + permissions → Application users: see " +
				"whether the application user is active.",
		},
		target.WrongIdentity: {
			"Power Platform admin center → Environments → the environment: compare Environment URL with url, and Organization ID " +
				"with organization_id.",
			"Environments → the environment → Settings → Users + permissions → Application users: the App ID of the application " +
				"user has to be client_id.",
		},
		target.InsufficientPermission: {
			"Power Platform admin center → Environments → the environment → Settings → Users + permissions → Application users → New " +
				"app user: add the app with client_id, if it is not in the list.",
			"Application users → the user → Edit security roles: give it a role that reads users, contacts, appointments, emails and " +
				"customizations, and the role Delegate, which has prvActOnBehalfOfAnotherUser. Acting for a user needs the right " +
				"on both sides: see the user's own roles too.",
			"Environments → the environment → Settings → Product → Privacy + Security, IP firewall: let this machine's address in.",
		},
		target.UserNotFound: {
			"Power Platform admin center → Environments → the environment → Settings → Users + permissions → Users: find the user. " +
				"The address counts that is in Primary Email, and the user has to be enabled and licensed.",
			"If several enabled users have the address, give them addresses of their own, or disable those that nobody uses.",
			"If the user is missing, add it with Add user, or wait for the synchronisation with Microsoft 365.",
		},
		target.Throttled: {
			"The limits are for each user and server in five minutes: 6,000 requests, 20 minutes of execution, 52 requests at the " +
				"same time. Give other programs application users of their own, or lengthen the interval of the sync policy.",
		},
		target.Misconfigured: {
			"Compare url with Power Platform admin center → Environments → the environment, Environment URL: the host alone, such as " +
				"https://example.crm4.dynamics.com.",
			"tenant_id is the tenant that the environment belongs to: in Dynamics 365, Settings → Session details tells its id.",
		},
	}
	for _, code := range target.Codes() {
		own[code] = slices.Concat(own[code], entra.Help(code))
	}
	return own
}
