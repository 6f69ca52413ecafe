// Package clients tests the stand-ins with programs that others wrote: a stand-in that only understands the connector of
// this project proves little. For Exchange these are curl with Basic and NTLM, the EWS client library
// ews-javascript-api, and DavMail, a gateway from IMAP to EWS. For Salesforce it is the client library jsforce, for Google
// Workspace Google's own google-auth-library and its clients for Gmail and Calendar. For Dynamics 365 they are Microsoft's
// own MSAL, which signs in to Entra, and dynamics-web-api. For Microsoft 365 they are Microsoft's client for Graph, and
// ews-javascript-api with an access token. For NetSuite oauth-1.0a signs what fetch sends. To SugarCRM,
// SuiteCRM and HCL Domino, curl signs in.
//
// The tests have the build tag clients, and fail if a client is missing; install.sh installs them.
package clients
