package exchange

import (
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// help tells for each fault what to do next, in order, with the screen or the command in Exchange.
func help() map[target.Code][]string {
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			"Sign in to Outlook on the web as a normal user. If nobody can, the system is down: wait, or tell its administrators.",
			"Open ews_url, or owa_url, in a browser on the machine that runs this. Nothing at all means a wrong host name, a firewall " +
				"or a missing proxy (HTTPS_PROXY); a sign-in window means that the address is reached.",
			"On the Exchange server, `Test-ServiceHealth` and `Get-ServerComponentState` (EwsProxy) tell which service is not " +
				"running or is in maintenance.",
		},
		target.GivenCredentials: {
			"Sign in to Outlook on the web with the same user name and password. Exchange does not say which of them is wrong, " +
				"nor whether the account is locked, disabled or outside its logon hours.",
			"In Active Directory Users and Computers, open the service account, tab Account: see whether it is locked out, " +
				"disabled or expired, and set \"Password never expires\" if your rules allow it.",
			"Write the username as user principal name (svc-riva@example.com) or as DOMAIN\\name, whichever signs in there.",
			"Give the connection the right password. Refused credentials are tried at most twice within 15 minutes, so that " +
				"the account is not locked.",
		},
		target.WrongIdentity: {
			"Compare the address that signed in with the one that the connection expects: mailbox or, without it, username.",
			"If the account is the right one and its sign-in name differs from its address, set mailbox to the primary SMTP " +
				"address (Exchange admin center, Recipients, Mailboxes, the mailbox, Email addresses: the one marked SMTP).",
			"If it is the wrong account, give username and password of the right one.",
		},
		target.InsufficientPermission: {
			"Let the service account act for users: `New-ManagementRoleAssignment -Role:ApplicationImpersonation " +
				"-User:svc-riva`, in the Exchange Management Shell. A new right can take a while to be known everywhere.",
			"See which users it may act for: `Get-ManagementRoleAssignment -Role ApplicationImpersonation " +
				"-GetEffectiveUsers`. A CustomRecipientWriteScope leaves the others out.",
			"See whether EWS is switched off: `Get-CASMailbox user@example.com | Format-List Ews*` and " +
				"`Get-OrganizationConfig | Format-List Ews*`. EwsApplicationAccessPolicy can refuse this program by name " +
				"(" + call.UserAgent + ").",
		},
		target.UserNotFound: {
			"Find the user in the Exchange admin center, Recipients, Mailboxes. Use the primary address there (the one marked " +
				"SMTP), not an alias.",
			"`Get-Recipient user@example.com | Format-List RecipientType,PrimarySmtpAddress` tells what the address belongs " +
				"to: only a mailbox can be tested.",
			"If several recipients match, give them addresses of their own.",
		},
		target.Throttled: {
			"Wait as long as the server asks; the next test or full sync cycle tries again by itself.",
			"If it keeps happening, give the service account a throttling policy of its own: `New-ThrottlingPolicy Riva " +
				"-ThrottlingPolicyScope Regular -EwsMaxConcurrency Unlimited -EwsRechargeRate Unlimited " +
				"-EwsMaxBurst Unlimited -EwsCutoffBalance Unlimited`, " +
				"then `Set-ThrottlingPolicyAssociation svc-riva -ThrottlingPolicy Riva`.",
		},
		target.Misconfigured: {
			"Compare ews_url with `Get-WebServicesVirtualDirectory | Format-List ExternalUrl,InternalUrl`. It usually ends in " +
				"/EWS/Exchange.asmx, not in /owa. With owa_url, that must be on the same host; otherwise give ews_url.",
			"See which ways to sign in the server offers: `Get-WebServicesVirtualDirectory | Format-List " +
				"ExternalAuthenticationMethods,InternalAuthenticationMethods`, and set authentication to one of them. " +
				"`Set-WebServicesVirtualDirectory -BasicAuthentication $true` switches Basic on.",
			"If the certificate is not trusted, set ca_certificate to the certificate of the authority that signed it (PEM). " +
				"If it is for another host, use the name it is for in ews_url.",
			"The service account needs a mailbox: `Get-Mailbox svc-riva`; if there is none, `Enable-Mailbox svc-riva`.",
		},
	}
}

// delegateHelp is about a permission that a delegate lacks.
func delegateHelp() []string {
	return []string{
		"Give the service account the right on the whole mailbox: `Add-MailboxPermission user@example.com -User svc-riva " +
			"-AccessRights FullAccess -AutoMapping $false`, in the Exchange Management Shell.",
		"Or on single folders: `Add-MailboxFolderPermission user@example.com:\\Calendar -User svc-riva -AccessRights Reviewer`, " +
			"likewise for Inbox and Contacts. In a mailbox in another language, the folders have other names.",
		"See what it has: `Get-MailboxPermission user@example.com -User svc-riva` and `Get-MailboxFolderPermission " +
			"user@example.com:\\Calendar`. A new right can take a while, up to hours, to be known everywhere.",
		"For many users, set access to impersonation and give the role ApplicationImpersonation instead.",
	}
}

// certificateHelp is about a client certificate that is refused.
func certificateHelp() []string {
	return []string{
		"See that the certificate belongs to the service account: it names its user principal name, and Active Directory Users " +
			"and Computers (Advanced Features), the account, Name Mappings, or IIS Manager, Configuration Editor, " +
			"iisClientCertificateMappingAuthentication, maps it.",
		"See that the server trusts it: the authority that signed it is among the Trusted Root Certification Authorities of " +
			"every Exchange server, and in the store NTAuth for a mapping by Active Directory, and it is not revoked.",
		"See that the EWS directory in IIS takes certificates (SSL Settings: Accept or Require) and asks in time: `netsh http show " +
			"sslcert` tells \"Negotiate Client Certificate : Enabled\". Without it, certificates and TLS 1.3 do not go together.",
		"On the server, the log of IIS (sc-substatus) tells why: 403.7 none was shown, 403.13 revoked, 403.16 untrusted, 403.17 " +
			"expired. Give the connection another certificate with its key if this one is to blame.",
	}
}
