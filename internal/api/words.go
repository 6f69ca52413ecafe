package api

import "slices"

// FaultCodes are the codes of faults.
var FaultCodes = []string{
	"system_not_available", "given_credentials", "wrong_identity", "insufficient_permission", "user_not_found", "throttled",
	"misconfigured",
}

// scrubWords scrubs all but the type and the status. The type is compared, and not shown.
func (p *Problem) scrubWords(f foreign) {
	f.scrub(&p.Title)
	p.Detail = f.line(p.Detail, maxDetail)
	f.scrubNames(&p.RequestID, &p.ObjectID, &p.RevalidationID)
	p.Fault.scrubWords(f)
	limit(&p.Errors, maxListed)
	for i := range p.Errors {
		f.scrubNames(&p.Errors[i].Path)
		f.scrub(&p.Errors[i].Message)
	}
	limit(&p.Uses, maxListed)
	for i := range p.Uses {
		f.scrubNames(&p.Uses[i].PolicyID, &p.Uses[i].PolicyName)
	}
	limit(&p.Policies, maxListed)
	for i := range p.Policies {
		f.scrubNames(&p.Policies[i].ID, &p.Policies[i].Name)
	}
	limit(&p.Users, maxListed)
	for i := range p.Users {
		f.scrubNames(&p.Users[i].ID, &p.Users[i].Email)
	}
}

func (i *Instance) scrubWords(f foreign) { f.scrubNames(&i.ID, &i.Version, &i.Store) }

func (x *Fault) scrubWords(f foreign) {
	if x == nil {
		return
	}
	if !slices.Contains(FaultCodes, x.Code) { // a secret in a known code is there by chance
		f.scrubNames(&x.Code)
	}
	f.scrubNames(&x.Field)
	f.scrub(&x.Title, &x.Message)
	f.scrubSteps(&x.Help)
}

func (i *Identity) scrubWords(f foreign) {
	if i != nil {
		f.scrub(&i.Username, &i.UserID, &i.OrganizationID, &i.OrganizationName, &i.Host)
	}
}

func (r *TestResult) scrubWords(f foreign) {
	if r == nil {
		return
	}
	f.scrub(&r.Summary)
	r.Fault.scrubWords(f)
	r.Identity.scrubWords(f)
	f.scrubSteps(&r.Warnings)
	limit(&r.Checks, maxListed)
	for i := range r.Checks {
		f.scrubNames(&r.Checks[i].Name)
		f.scrub(&r.Checks[i].Message)
	}
}

func (c *Connection) scrubWords(f foreign) {
	c.NotDeletableReason = f.line(c.NotDeletableReason, maxDetail)
	c.Fault.scrubWords(f)
	c.Identity.scrubWords(f)
	c.LastTest.scrubWords(f)
	f.scrubSteps(&c.Warnings)
}

func (u *UpdatedCredentials) scrubWords(f foreign) {
	f.scrub(&u.Message)
	u.Connection.scrubWords(f)
}

func (r *Revalidation) scrubWords(f foreign) {
	f.scrub(&r.Message)
	r.Fault.scrubWords(f)
	r.Connection.scrubWords(f)
}

func (c *Cycle) scrubWords(f foreign) {
	if c != nil {
		c.Fault.scrubWords(f)
	}
}

func (p *Policy) scrubWords(f foreign) { p.LastCycle.scrubWords(f) }

func (l *SyncLog) scrubWords(f foreign) {
	f.scrub(&l.Message)
	l.Fault.scrubWords(f)
}

func (l *List[T]) scrubWords(f foreign) {
	for i := range l.Items {
		if item, ok := any(&l.Items[i]).(wordy); ok {
			item.scrubWords(f)
		}
	}
}
