package entra

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// prefix is the prefix of Entra's error numbers in texts.
const prefix = "AADSTS"

// errorMeaning is the fault of an error, and the field to correct if it is a specific one.
type errorMeaning struct {
	fault target.Code
	field string
	// uncertain means that it is no known statement about the secret.
	uncertain bool
}

// resourceField represents the setting that the scope is made from.
const resourceField = "<resource>"

// errorNumbers are the known errors by number, as reference-error-codes describes them. The errors about client assertions
// (700021, 700023, 700024) are on the identity platform's page about workload identity federation; 1002012 and 7000112 are
// known from Entra's messages about scopes and disabled applications.
func errorNumbers() map[errorMeaning][]int {
	const (
		credentials = target.GivenCredentials
		permission  = target.InsufficientPermission
		settings    = target.Misconfigured
	)
	return map[errorMeaning][]int{
		{fault: credentials, field: ClientSecret}: {70002, 7000215, 7000218, 7000222},
		{fault: credentials, field: Certificate}:  {50003, 50012, 50013, 500133, 50027, 50048, 700021, 700024, 700027, 700030},
		{fault: credentials, field: RefreshToken}: {
			50085, 50089, 50132, 50133, 50139, 50173, 501481, 54005, 70000, 70008, 700082, 700084, 70043,
		},
		// About the user of a refresh token: password, lock, second factor.
		{fault: credentials}: {
			50034, 50053, 50055, 50056, 50057, 50064, 50072, 50074, 50076, 50078, 50079, 50097, 50125, 50126, 50135, 50144,
			50158, 51004,
		},
		{fault: permission}: {
			50002, 50005, 500021, 500022, 500212, 500213, 50105, 50131, 53000, 53001, 53002, 53003, 530032, 530035, 53004, 53011,
			65001, 65004, 65005, 650056, 650057, 7000112, 90008, 90094, 90095, 1000031,
		},
		{fault: settings, field: ClientID}:      {70001, 700011, 700016, 700025, 7000229},
		{fault: settings, field: TenantID}:      {50059, 50128, 50194, 700005, 90002, 90019, 9001023, 90124},
		{fault: settings, field: AuthorityURL}:  {50049, 700023, 90038, 900382, 900432},
		{fault: settings, field: resourceField}: {28002, 50001, 500011, 650052, 650054, 70011, 700022, 1002012},
		{fault: settings}:                       {50011, 70003, 90014, 900144},
		{fault: target.WrongIdentity}:           {16000, 50020, 90072},
		{fault: target.Throttled}:               {50196, 90055},
		{fault: target.SystemNotAvailable}:      {50000, 50033, 90006, 90012, 90024, 90033, 90090, 90091},
	}
}

// verdicts are the numbers that are known statements about a secret: it is wrong, expired, revoked, or its owner is disabled. All
// others with rejected credentials can have another cause: a clock, a policy, a second factor.
var verdicts = []int{
	50012, 50055, 50056, 50057, 500571, 50064, 50089, 50126, 50132, 50133, 50144, 50173, 70000, 70002, 7000215, 7000222, 700027,
	700030, 70008, 700082, 700084, 70043,
}

// errorCodes are the values of "error", for responses whose number is not known here. What they mean for the secret is not
// known.
func errorCodes() map[errorMeaning][]string {
	return map[errorMeaning][]string{
		{fault: target.GivenCredentials, uncertain: true}: {
			"invalid_client", "invalid_grant", "interaction_required", "login_required",
		},
		{fault: target.InsufficientPermission}:              {"access_denied", "consent_required", "permission_denied"},
		{fault: target.Misconfigured, field: ClientID}:      {"unauthorized_client"},
		{fault: target.Misconfigured, field: TenantID}:      {"invalid_tenant"},
		{fault: target.Misconfigured, field: resourceField}: {"invalid_resource", "invalid_scope"},
		{fault: target.Misconfigured}:                       {"invalid_request", "unsupported_grant_type"},
		{fault: target.SystemNotAvailable}:                  {"server_error", "temporarily_unavailable"},
	}
}

// classifier maps the errors of the token endpoint to faults.
func (a Application) classifier() call.Classifier {
	c := call.Classifier{Address: AuthorityURL}
	add := func(code string, m errorMeaning) {
		if m.field == resourceField {
			m.field = a.Resource
		}
		c.Patterns = append(c.Patterns, call.ErrorPattern{Code: code, Fault: m.fault, Field: m.field, Uncertain: m.uncertain})
	}
	for m, all := range errorNumbers() {
		for _, number := range all {
			one := m
			one.uncertain = !slices.Contains(verdicts, number)
			add(code(number), one)
		}
	}
	for m, all := range errorCodes() {
		for _, value := range all {
			add(value, m)
		}
	}
	return c
}

func code(number int) string { return prefix + strconv.Itoa(number) }

// isKnownNumber reports whether the table has a code.
func isKnownNumber(name string) bool {
	for _, all := range errorNumbers() {
		for _, number := range all {
			if code(number) == name {
				return true
			}
		}
	}
	return false
}

// numberPattern matches the number at the start of Entra's texts.
var numberPattern = regexp.MustCompile(`^AADSTS\d{4,9}\b`)

// tokenError is an error response of the token endpoint.
type tokenError struct {
	Error       string  `json:"error"`
	Description string  `json:"error_description"`
	Numbers     []int64 `json:"error_codes"`
}

// parseError finds the system error in a response of the token endpoint.
func parseError(r call.Response) *call.SystemError {
	var body tokenError
	if err := call.DecodeJSON(r.Body, &body); err == nil && body.Error != "" {
		return &call.SystemError{Code: body.code(), Message: body.Description}
	}
	return nil
}

// code returns the first known number, else the value of "error".
func (a tokenError) code() string {
	for _, number := range a.Numbers {
		if name := prefix + strconv.FormatInt(number, 10); isKnownNumber(name) {
			return name
		}
	}
	if name := numberPattern.FindString(a.Description); len(a.Numbers) == 0 && isKnownNumber(name) {
		return name
	}
	return a.Error
}
