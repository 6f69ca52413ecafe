package call_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

func TestSingleActiveUser(t *testing.T) {
	t.Parallel()
	find := func(found ...call.MatchedUser) (call.MatchedUser, error) {
		return call.SingleActiveUser("employee", "a@example.com", found, func(m call.MatchedUser) call.MatchedUser { return m })
	}
	const address = "A@example.com"
	ada, eve := call.MatchedUser{Name: "ada", Address: address}, call.MatchedUser{Name: "eve", Address: address}
	left := call.MatchedUser{Name: "ann", Address: address, State: "locked"}
	other := call.MatchedUser{Name: "bob", Address: "b@example.com"}
	for want, found := range map[string][]call.MatchedUser{
		"No employee has the address a@example.com.":                        nil,
		"The employee ann with the address a@example.com is locked.":        {other, left},
		"2 active employees match a@example.com: ada and eve, for example.": {left, ada, eve},
		"3 active employees match a@example.com: eve and ada, for example.": {eve, ada, other, ada},
	} {
		_, err := find(found...)
		if fault, ok := target.AsFault(err); !ok || fault.Code != target.UserNotFound || fault.Message.String() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	// A user with another address does not match, even if it is the only one.
	if _, err := find(other); err == nil {
		t.Error("a user with another address was found")
	}
	users := []call.MatchedUser{left, other, eve, left}
	if one, err := find(users...); err != nil || one != eve || users[1] != other {
		t.Errorf("got %+v, %v of %+v", one, err, users)
	}
}
