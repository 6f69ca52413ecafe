package office365

import (
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

// help lists the steps that fix each fault: in Exchange Online and Graph, and in the Entra admin center.
func help() map[target.Code][]string {
	own := map[target.Code][]string{
		target.SystemNotAvailable: {
			target.HelpSystemDown("Outlook on the web (https://outlook.office.com)"),
			"From the machine that runs this, graph_url (with api = \"ews\": ews_url) and authority_url must be reachable. If nothing " +
				"loads, the cause is a firewall or a missing proxy (HTTPS_PROXY).",
		},
		target.GivenCredentials: {
			"With refresh_token: it is revoked by a changed password, 90 days without use, an administrator (Entra admin center → " +
				"Users → the user → Revoke sessions) or Conditional Access. Let the user sign in again and set the new one in the " +
				"connection.",
		},
		target.WrongIdentity: {
			"With refresh_token: the user who signed in when it was obtained is not the one in username or, without it, " +
				"validation_email. A browser that still has another user's session signs that user in: use a private window. If the other " +
				"user is correct, change username.",
		},
		target.InsufficientPermission: {
			"For the app itself, Microsoft Graph's application permissions are User.Read.All, Mail.ReadWrite, Calendars.ReadWrite and " +
				"Contacts.ReadWrite (api = \"ews\": full_access_as_app of Office 365 Exchange Online).",
			"If only some mailboxes fail, Exchange Online limits the app: `Test-ServicePrincipalAuthorization <client_id> " +
				"-Resource user@example.com` shows its roles there and whether the mailbox is in their scope, " +
				"`Get-ApplicationAccessPolicy` the older kind of limit.",
			"To allow it for some mailboxes only, instead of all: `New-ServicePrincipal -AppId <client_id> -ObjectId <object id of the " +
				"enterprise application>`, then `New-ManagementRoleAssignment -App <client_id> -Role \"Application Mail.ReadWrite\" " +
				"-CustomResourceScope <management scope>`, and the same for Calendars.ReadWrite and Contacts.ReadWrite. It takes up to two " +
				"hours until it is effective everywhere.",
			"With refresh_token: Mail.ReadWrite and its like open the user's own mailbox. For other users' mailboxes the app needs the " +
				"delegated permissions Mail.ReadWrite.Shared, Calendars.ReadWrite.Shared and Contacts.ReadWrite.Shared, and the user needs " +
				"access to those mailboxes: `Add-MailboxPermission user@example.com -User riva-sync@example.com -AccessRights FullAccess`.",
			"With api = \"ews\": `Get-OrganizationConfig | Format-List Ews*` and `Get-CASMailbox user@example.com | Format-List Ews*` " +
				"show whether it is disabled; `Set-OrganizationConfig -EwsAllowedAppIDs` lists the apps that may use it until " +
				"31 March 2027. It is better to set api to \"graph\".",
		},
		target.UserNotFound: {
			"Find the user in the Microsoft 365 admin center → Users → Active users. The address must be the user name or one of the " +
				"email addresses there, and sign-in must not be blocked.",
			"The user needs a mailbox in Exchange Online: a license (Licenses and apps), and a mailbox that is not on premises " +
				"(`Get-Recipient user@example.com | Format-List RecipientTypeDetails,PrimarySmtpAddress`).",
			"If several users match, one of them is often a guest: give them addresses of their own.",
		},
		target.Throttled: {
			"Microsoft limits each app in each mailbox (10,000 requests in 10 minutes, 4 at a time). If it keeps happening, lengthen " +
				"the interval of the sync policy, and check which other programs use the same app registration.",
		},
		target.Misconfigured: {
			"Compare graph_url with the cloud of the tenant: https://graph.microsoft.com, or one of the national clouds'. The tenant's " +
				"sign-in host and its API belong to the same cloud.",
		},
	}
	all := map[target.Code][]string{}
	for _, code := range target.Codes() {
		all[code] = ordered(code, own[code])
	}
	return all
}

// ordered puts our own steps before Entra's, except for faults that are mostly fixed at the app registration.
func ordered(code target.Code, own []string) []string {
	if code == target.GivenCredentials || code == target.InsufficientPermission || code == target.Throttled {
		return slices.Concat(entra.Help(code), own)
	}
	return slices.Concat(own, entra.Help(code))
}
