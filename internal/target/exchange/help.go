package exchange

import (
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// helpExtendedProtection is the help step about a right password that the server rejects, because a proxy in between ends TLS.
const helpExtendedProtection = "If the password is right, look for event 4625 with status 0xC000035B on the Exchange server: " +
	"Extended Protection rejects NTLM through a proxy or load balancer that ends TLS. Use an address without it, let it pass " +
	"TLS through, or set authentication to basic if the server offers that."

// help lists the steps that fix each fault, with the screen or the command in Exchange.
func help() map[target.Code][]string {
	return map[target.Code][]string{
		target.SystemNotAvailable: {
			target.HelpSystemDown("Outlook on the web"),
			"Open ews_url, or owa_url, in a browser on the machine that runs this. If nothing loads, the cause is a wrong host name, a " +
				"firewall or a missing proxy (HTTPS_PROXY); a sign-in window means that the address is reachable.",
			"On the Exchange server, `Test-ServiceHealth` and `Get-ServerComponentState` (EwsProxy) show which service is not " +
				"running or is in maintenance.",
		},
		target.GivenCredentials: {
			"Sign in to Outlook on the web with the same user name and password. Exchange does not report which of them is wrong, " +
				"nor whether the account is locked, disabled or outside its logon hours.",
			"In Active Directory Users and Computers, open the service account, tab Account: check whether it is locked out, " +
				"disabled or expired, and set \"Password never expires\" if your rules allow it.",
			"Write the username as user principal name (svc-riva@example.com) or as DOMAIN\\name, whichever signs in there.",
			target.HelpCorrectPassword,
		},
		target.WrongIdentity: {
			"Compare the address that signed in with the one that the connection expects: mailbox or, without it, username.",
			"If the account is right and its sign-in name differs from its address, set mailbox to the primary SMTP address. " +
				"It is in Exchange admin center, Recipients, Mailboxes, the mailbox, Email addresses: the one marked SMTP.",
			target.HelpCorrectUser,
		},
		target.InsufficientPermission: {
			"Allow the service account to act for users: `New-ManagementRoleAssignment -Role:ApplicationImpersonation " +
				"-User:svc-riva`, in the Exchange Management Shell. It can take a while until a new right is effective everywhere.",
			"Check which users it may act for: `Get-ManagementRoleAssignment -Role ApplicationImpersonation " +
				"-GetEffectiveUsers`. A CustomRecipientWriteScope excludes the others.",
			"Check whether EWS is disabled: `Get-CASMailbox user@example.com | Format-List Ews*` and " +
				"`Get-OrganizationConfig | Format-List Ews*`. EwsApplicationAccessPolicy can block this program by name " +
				"(" + call.UserAgent + ").",
		},
		target.UserNotFound: {
			"Find the user in the Exchange admin center, Recipients, Mailboxes. Use the primary address there (the one marked " +
				"SMTP), not an alias.",
			"`Get-Recipient user@example.com | Format-List RecipientType,PrimarySmtpAddress` shows the type of the recipient: " +
				"only a mailbox can be tested.",
			"If several recipients match, give them addresses of their own.",
		},
		target.Throttled: {
			target.HelpWait("some minutes"),
			"If it keeps happening, give the service account its own throttling policy: `New-ThrottlingPolicy Riva " +
				"-ThrottlingPolicyScope Regular -EwsMaxConcurrency Unlimited -EwsRechargeRate Unlimited " +
				"-EwsMaxBurst Unlimited -EwsCutoffBalance Unlimited`, " +
				"then `Set-ThrottlingPolicyAssociation svc-riva -ThrottlingPolicy Riva`.",
		},
		target.Misconfigured: {
			"Compare ews_url with `Get-WebServicesVirtualDirectory | Format-List ExternalUrl,InternalUrl`. It usually ends in " +
				"/EWS/Exchange.asmx, not in /owa. With owa_url, that must be on the same host; otherwise set ews_url.",
			"Check which authentication methods the server offers: `Get-WebServicesVirtualDirectory | Format-List " +
				"ExternalAuthenticationMethods,InternalAuthenticationMethods`, and set authentication to one of them. " +
				"`Set-WebServicesVirtualDirectory -BasicAuthentication $true` enables Basic.",
			target.HelpTrustCertificate + " If it is for another host, use the host name of the certificate in ews_url.",
		},
	}
}

// delegateHelp lists the steps about a missing permission of a delegate.
func delegateHelp() []string {
	return []string{
		"Grant the service account the right on the whole mailbox: `Add-MailboxPermission user@example.com -User svc-riva " +
			"-AccessRights FullAccess -AutoMapping $false`, in the Exchange Management Shell.",
		"Or on single folders: `Add-MailboxFolderPermission user@example.com:\\Calendar -User svc-riva -AccessRights Reviewer`, " +
			"likewise for Inbox and Contacts. In a mailbox in another language, the folder names differ.",
		"Check its rights: `Get-MailboxPermission user@example.com -User svc-riva` and `Get-MailboxFolderPermission " +
			"user@example.com:\\Calendar`. It can take up to hours until a new right is effective everywhere.",
		"For many users, set access to impersonation and grant the role ApplicationImpersonation instead.",
	}
}

// certificateHelp lists the steps about a rejected client certificate.
func certificateHelp() []string {
	return []string{
		"Check that the certificate belongs to the service account: it has the user principal name of the account. A mapping " +
			"is in Active Directory Users and Computers (Advanced Features), the account, Name Mappings. IIS Manager has it " +
			"in Configuration Editor, iisClientCertificateMappingAuthentication.",
		"Check that the server trusts the certificate: its authority is among the Trusted Root Certification Authorities of " +
			"every Exchange server. For a mapping by Active Directory, it is also in the store NTAuth. The certificate is not " +
			"revoked.",
		"Check that the EWS directory in IIS accepts certificates (SSL Settings: Accept or Require) and requests them in time: " +
			"`netsh http show sslcert` shows \"Negotiate Client Certificate : Enabled\". Without it, certificates work with TLS 1.2 " +
			"only.",
		"On the server, the log of IIS (sc-substatus) shows the reason: 403.7 no certificate, 403.13 revoked, 403.16 untrusted, " +
			"403.17 expired. If this certificate is the cause, set another one with its key in the connection.",
	}
}
