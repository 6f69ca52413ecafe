package conformance

import (
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Entra returns the errors of Microsoft Entra ID's token endpoint, for the suites of the systems that sign in there. Failing is
// [Suite.Failing] of the system.
func Entra(failing func(sandbox.Fault) func(*testing.T) Case) map[string]ErrorCase {
	errorCases := map[string]ErrorCase{
		"token 429": {Fault: target.Throttled, Setup: failing(entra.Throttled(time.Minute))},
	}
	for fault, fields := range map[target.Code]map[string][]int{
		target.GivenCredentials: {
			"": {
				7000215, 7000222, 700027, 50012, 50013, 50126, 50034, 50053, 50055, 50144, 50057, 50064, 50056, 50173, 700082,
				700084, 70008, 50089, 50132, 50133, 501481, 50076, 50079, 50074, 50158,
			},
		},
		target.InsufficientPermission: {"": {65001, 50105, 53003, 7000112}},
		target.Misconfigured: {
			"client_id": {700016, 7000229}, "tenant_id": {90002, 50194}, "": {500011, 50001, 70011, 28002, 1002012, 50011},
		},
		target.WrongIdentity:      {"": {50020, 16000}},
		target.Throttled:          {"": {50196}},
		target.SystemNotAvailable: {"": {50033, 50000, 90033}},
	} {
		for field, numbers := range fields {
			for _, number := range numbers {
				name := fmt.Sprintf("AADSTS%d", number)
				errorCases[name] = ErrorCase{Fault: fault, Field: field, Message: name, Setup: failing(entra.Error(number))}
			}
		}
	}
	for word, fault := range map[string]target.Code{
		"interaction_required": target.GivenCredentials, "access_denied": target.InsufficientPermission,
		"permission_denied": target.InsufficientPermission, "temporarily_unavailable": target.SystemNotAvailable,
		"server_error": target.SystemNotAvailable,
	} {
		errorCases["token "+word] = ErrorCase{Fault: fault, Setup: failing(entra.ErrorCode(word))}
	}
	return errorCases
}
