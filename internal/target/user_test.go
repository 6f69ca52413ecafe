package target_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestOneUser(t *testing.T) {
	t.Parallel()
	type person struct{ name, state string }
	find := func(found ...person) (person, error) {
		return target.OneUser("employee", "a@example.com", found,
			func(p person) string { return p.name }, func(p person) string { return p.state })
	}
	ada, eve, left := person{"ada", ""}, person{"eve", ""}, person{"ann", "locked"}
	for want, found := range map[string][]person{
		"No employee has the address a@example.com.":                                 nil,
		"The employee ann with the address a@example.com is locked.":                 {left},
		"2 active employees match a@example.com: ada and eve, for example.":          {left, ada, eve},
		"3 active employees match a@example.com: eve and ada, for example.":          {eve, ada, ada},
		"The employee ann with the address a@example.com is locked for two reasons.": {{"ann", "locked for two reasons"}, left},
	} {
		_, err := find(found...)
		if fault, ok := target.AsFault(err); !ok || fault.Code != target.UserNotFound || fault.Message != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	people := []person{left, eve, left}
	if one, err := find(people...); err != nil || one != eve || people[1] != eve {
		t.Errorf("got %+v, %v of %+v", one, err, people)
	}
}
