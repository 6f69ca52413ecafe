// Package signin tests connections that a person signs in for: with Terraform, the provider, a control plane, the stand-ins and a
// person with a browser. It has nothing but tests, which run beside those of the resource.
package signin
