package sapc4c

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// maxUsers limits how many business users with one address are read.
const maxUsers = 20

// user is the part of a business user that the tests read.
type user struct {
	UserID     string `json:"UserID"`
	Email      string `json:"EmailURI"`
	EmployeeID string `json:"EmployeeID"`
	Name       string `json:"BusinessPartnerFormattedName"`
	Locked     bool   `json:"UserLockedIndicator"`
	Start      string `json:"UserValidityStartDate"`
	End        string `json:"UserValidityEndDate"`
}

// state returns why a business user may not sign in; empty if it may.
func (u user) state(now time.Time) string {
	start, begins := dateOf(u.Start)
	end, ends := dateOf(u.End)
	switch {
	case u.Locked:
		return "locked"
	case ends && now.After(end.Add(24*time.Hour)): // the last day counts
		return "valid only until " + end.Format(time.DateOnly)
	case begins && now.Before(start):
		return "valid only from " + start.Format(time.DateOnly)
	}
	return ""
}

// datePattern matches a date of OData version 2 in JSON: milliseconds since 1970.
var datePattern = regexp.MustCompile(`^/Date\((-?\d{1,15})(?:[+-]\d+)?\)/$`)

// dateOf parses a date; ok is false if there is no date, or if its form is unknown.
func dateOf(text string) (at time.Time, ok bool) {
	found := datePattern.FindStringSubmatch(text)
	if found == nil {
		return time.Time{}, false
	}
	milliseconds, err := strconv.ParseInt(found[1], 10, 64)
	return time.UnixMilli(milliseconds).UTC(), err == nil
}

// usersCollection is the collection of business users.
const usersCollection = "BusinessUserCollection"

// users finds business users by a property. Comparisons of OData are case-sensitive, so several spellings are tried: the one that
// was entered, and the one that SAP stores.
func (s *session) users(ctx context.Context, property string, spellings ...string) ([]user, error) {
	if err := s.checkCollection(usersCollection); err != nil {
		return nil, err
	}
	var conditions []string
	for _, spelling := range slices.Compact(spellings) {
		conditions = append(conditions, property+" eq "+call.Literal(spelling))
	}
	var found struct {
		D struct {
			Results *[]user `json:"results"`
		} `json:"d"`
	}
	path := fmt.Sprintf("%s?$filter=%s&$top=%d&$select=%s&$format=json",
		usersCollection, escape(strings.Join(conditions, " or ")), maxUsers,
		"UserID,EmailURI,EmployeeID,BusinessPartnerFormattedName,UserLockedIndicator,UserValidityStartDate,UserValidityEndDate")
	if err := s.get(ctx, path, &found); err != nil {
		return nil, err
	}
	if found.D.Results == nil {
		return nil, s.Classifier.UnexpectedResponse("The response to a query for business users has no results.")
	}
	return *found.D.Results, nil
}

// find returns the one active business user with an address.
func (s *session) find(ctx context.Context, email string) (user, error) {
	found, err := s.users(ctx, "EmailURI", email, strings.ToLower(email))
	if err != nil {
		return user{}, err
	}
	now := time.Now()
	return call.SingleActiveUser("business user", email, found, func(u user) call.MatchedUser {
		return call.MatchedUser{Name: u.UserID, Address: u.Email, State: u.state(now)}
	})
}
