package tfdiag

import "fmt"

// destroyOrder takes the name of an object and what has to be done with those that depend on it. Terraform wraps lines that do
// not begin with white space.
const destroyOrder = `Terraform destroys a resource before it updates the resources that depended on it, so one apply cannot ` +
	`do both. Solutions:
1. Use two applies: keep the %[1]s, %[2]s, and apply. Then remove it.
2. Change the order: add this block to the resource of the %[1]s, which must be in the configuration, and apply:

  lifecycle {
    create_before_destroy = true
  }

The plan shows no changes, but Terraform stores the setting in the state. From then on, one apply does both, even if it ` +
	`removes the whole resource block.`

// DestroyOrderHint lists the solutions for an object that is not deleted since others depend on it. Object names it, such as
// "sync policy", and dependents says what has to be done first. Terraform reads create_before_destroy of a removed resource from
// the state only, and every apply stores it there.
func DestroyOrderHint(object, dependents string) string {
	return fmt.Sprintf(destroyOrder, object, dependents)
}
