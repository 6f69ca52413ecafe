// Package salesforce tests connections to Salesforce with Terraform: their grants, faults, identities and re-validation. It has
// nothing but tests, which run beside those of the resource.
package salesforce
