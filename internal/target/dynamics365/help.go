package dynamics365

import (
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

// help lists the steps that fix each fault, with the screen: in the Power Platform admin center
// (https://admin.powerplatform.microsoft.com) and in the Microsoft Entra admin center.
func help() map[target.Code][]string {
	own := map[target.Code][]string{
		target.SystemNotAvailable: {
			target.HelpSystemDown("Dynamics 365, at the address in url,"),
			"Power Platform admin center → Environments → the environment: check that it is ready, and neither disabled nor in " +
				"administration mode.",
			target.HelpOpenInBrowser(address),
		},
		target.GivenCredentials: {
			"Power Platform admin center → Environments → the environment → Settings → Users + permissions → Application users: " +
				"check that the application user is active.",
		},
		target.WrongIdentity: {
			"Power Platform admin center → Environments → the environment: compare Environment URL with url, and Organization ID " +
				"with organization_id.",
			"Environments → the environment → Settings → Users + permissions → Application users: the App ID of the application " +
				"user must be client_id.",
		},
		target.InsufficientPermission: {
			"Power Platform admin center → Environments → the environment → Settings → Users + permissions → Application " +
				"users: add the app with client_id (New app user), if it is not in the list.",
			"Application users → the user → Edit security roles: give it a role that reads users, contacts, appointments, emails and " +
				"customizations, and the role Delegate, which has prvActOnBehalfOfAnotherUser. Acting for a user requires the right " +
				"on both sides: check the user's own roles too.",
			"Environments → the environment → Settings → Product → Privacy + Security, IP firewall: allow the address of this machine.",
			"A 403 without an error code can be the administration mode: Environments → the environment → Edit shows whether it is on.",
		},
		target.UserNotFound: {
			"Power Platform admin center → Environments → the environment → Settings → Users + permissions → Users: find the user. " +
				"The address must be in Primary Email, and the user must be enabled and licensed.",
			target.HelpSeveralUsers("enabled users", "disable"),
			"If the user is missing, add it with Add user, or wait for the synchronization with Microsoft 365.",
		},
		target.Throttled: {
			"The limits are for each user and server in five minutes: 6,000 requests, 20 minutes of execution, 52 requests at the " +
				"same time. Give other programs their own application users, or lengthen the interval of the sync policy.",
		},
		target.Misconfigured: {
			"Compare url with Power Platform admin center → Environments → the environment, Environment URL: the host alone, such as " +
				"https://example.crm4.dynamics.com.",
			"tenant_id must be the tenant that the environment belongs to: in Dynamics 365, Settings → Session details shows its id.",
		},
	}
	for _, code := range target.Codes() {
		own[code] = slices.Concat(own[code], entra.Help(code))
	}
	return own
}
