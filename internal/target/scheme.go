package target

import "slices"

// WeakerScheme returns a [Field.Weakens] for authentication schemes. Offered are those that the server can offer, from the
// weakest to the strongest; stronger are further ones, which are used only if the setting names them. Without a value, the offer
// of the server decides. As the new value, that counts as the weakest scheme, which may be the only one on offer. As the old
// value, it counts as the strongest one on offer, which may have proven the credentials. A scheme that is not listed is the
// weakest.
func WeakerScheme(offered []string, stronger ...string) func(before, after string) bool {
	all := slices.Concat(offered, stronger)
	strength := func(scheme string) int { return max(slices.Index(all, scheme), 0) }
	return func(before, after string) bool {
		if before == "" && after != "" {
			before = offered[len(offered)-1]
		}
		return strength(after) < strength(before)
	}
}

// CheckScheme returns the fault of a server that offers only a weaker authentication scheme than the one that proved the
// credentials; nil if the scheme may be used. The field is the setting with the scheme: if it has a value, the offer of the
// server decides nothing, and every scheme may be used.
func (a Account) CheckScheme(field, offered string) *Fault {
	f, _ := a.System.Field(field)
	if a.Scheme == "" || a.Setting(field) != "" || f.Weakens == nil || !f.Weakens(a.Scheme, offered) {
		return nil
	}
	return &Fault{
		Code: Misconfigured, Field: field,
		Message: Say("The server offers the authentication %q only. These credentials were used with %q before, which is stronger, so "+
			"they were not sent.", Own(offered), Own(a.Scheme)),
		Help: []string{
			"Check whether an administrator of the server has disabled the stronger authentication, or whether a proxy or a load " +
				"balancer in between removes it from the responses.",
			"If the weaker authentication is intended, submit the credentials again, in Terraform by changing credentials_wo_version: " +
				"then the offer of the server decides again. Or set authentication to the weaker one, with the credentials in the same " +
				"change.",
		},
	}
}
