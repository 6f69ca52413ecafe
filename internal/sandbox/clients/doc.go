// Package clients tests the stand-ins with programs and libraries that other people wrote: a stand-in that only the
// connectors of this project can use proves little. The package has no code besides its tests and stands in for no
// system.
//
// The clients of each system:
//
//   - Exchange, Basic and NTLM over EWS: curl, the library ews-javascript-api, and DavMail, a gateway from IMAP to EWS.
//   - Microsoft 365: Microsoft's client for Graph, and ews-javascript-api with an access token; MSAL for a person's sign-in.
//   - Dynamics 365: Microsoft's MSAL, which signs in to Entra ID, and dynamics-web-api.
//   - Google Workspace: Google's google-auth-library, and Google's clients for Gmail and Calendar.
//   - Salesforce: the library jsforce.
//   - NetSuite: oauth-1.0a, which signs the requests that fetch sends.
//   - SugarCRM, SuiteCRM, HCL Domino, SAP Cloud for Customer and Oracle CRM On Demand: curl.
//
// Where a library sends a person to a browser, package person does what the person does.
//
// Servers that other people wrote judge the messages of our own client as well: gss-ntlmssp and Samba accept NTLM with channel
// bindings, and Apache requests a client certificate after the request.
//
// The control plane's own token endpoint is tested here as well: oidc-provider issues the tokens of a pipeline for it.
//
// The tests have the build tag clients, and fail if a client is missing; install.sh installs the clients.
package clients
