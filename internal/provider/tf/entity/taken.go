package entity

import (
	"context"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// write makes a call that creates or changes an object. The id is empty for a create. If another object has the name, and the
// same apply then renames or deletes that object, it makes the call again: Terraform applies independent resources in any order.
func write[O any](ctx context.Context, a *controlplane.Access, id string, call func() (O, error)) (O, error) {
	for {
		before := a.Writes()
		done := a.FoundInState(id)
		object, err := call()
		done()
		holder := nameHolder(err)
		if holder == "" || !a.AwaitWrite(ctx, holder, before) {
			return object, err
		}
	}
}

// nameHolder returns the id of the object that has the name, if that is the error; otherwise it is empty.
func nameHolder(err error) string {
	problem, ok := api.AsProblem(err)
	if !ok || strings.TrimPrefix(problem.Type, api.ProblemTypePrefix) != api.ProblemNameTaken {
		return ""
	}
	return problem.ObjectID
}
