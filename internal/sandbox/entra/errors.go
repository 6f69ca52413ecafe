package entra

import "slices"

// messages are Entra's texts for its error numbers (reference-error-codes). A call may have a more detailed one.
var messages = map[int]string{
	16000:   "User account from identity provider does not exist in tenant and cannot access the application in that tenant.",
	28002:   "Provided value for the input parameter scope is not valid when requesting an access token.",
	50000:   "There was an error issuing a token or an issue with our sign-in service.",
	50001:   "The resource is disabled or does not exist.",
	50011:   "The redirect URI specified in the request does not match the redirect URIs configured for the application.",
	50012:   "Authentication failed: client assertion contains an invalid signature.",
	50013:   "Assertion failed signature validation.",
	50020:   "User account from identity provider does not exist in tenant and cannot access the application in that tenant.",
	50033:   "A transient error has occurred. Please try again.",
	50034:   "The user account does not exist in the directory. To sign into this application, the account must be added to it.",
	50053:   "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
	50055:   "The password is expired.",
	50056:   "Invalid or null password: password does not exist in the directory for this user.",
	50057:   "The user account is disabled.",
	50058:   "Session information is not sufficient for single-sign-on.",
	50064:   "Credential validation on username or password has failed.",
	50074:   "Strong Authentication is required.",
	50076:   "Due to a configuration change made by your administrator, you must use multi-factor authentication.",
	50079:   "Due to a configuration change made by your administrator, you must enroll in multi-factor authentication.",
	50089:   "Authentication failed due to flow token expired.",
	50105:   "The signed in user is not assigned to a role for the application.",
	50126:   "Error validating credentials due to invalid username or password.",
	50132:   "The session is not valid due to password expiration or recent password change.",
	50133:   "The session is not valid due to password expiration or recent password change.",
	50144:   "User's Active Directory password has expired.",
	50158:   "External security challenge not satisfied.",
	50173:   "The provided grant has expired due to it being revoked, a fresh auth token is needed.",
	50194:   "Application is not configured as a multi-tenant application. Usage of the /common endpoint is not supported.",
	50196:   "The server terminated an operation because it encountered a client request loop.",
	53003:   "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
	65001:   "The user or administrator has not consented to use the application. Send an interactive authorization request.",
	65004:   "User declined to consent to access the app.",
	70003:   "The app requested an unsupported grant type.",
	70008:   "The provided authorization code or refresh token has expired due to inactivity.",
	70011:   "The provided request must include a 'scope' input parameter. The provided value for 'scope' is not valid.",
	90002:   "Tenant not found. Check to make sure you have the correct tenant ID.",
	90033:   "A transient error has occurred. Please try again.",
	90094:   "The grant requires admin permission. Ask an admin to grant permission to this app before you can use it.",
	500011:  "The resource principal was not found in the tenant.",
	501481:  "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
	700016:  "Application was not found in the directory.",
	700027:  "The certificate with identifier used to sign the client assertion is not registered on application.",
	700082:  "The refresh token has expired due to inactivity.",
	700084:  "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime.",
	1002012: "The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed.",
	7000112: "Application is disabled.",
	7000215: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, " +
		"not the client secret ID, for a secret added to app.",
	7000222: "The provided client secret keys for app are expired. Visit the Azure portal to create new keys for your app.",
	9002313: "Invalid request. Request is malformed or invalid.",
}

// errorCodes are the numbers of each value of "error". All other numbers have invalid_request.
var errorCodes = map[string][]int{
	"invalid_client": {50012, 50013, 50048, 70002, 700021, 700023, 700024, 700025, 700027, 7000215, 7000218, 7000222},
	"invalid_grant": {
		50020, 50034, 50053, 50055, 50056, 50057, 50064, 50089, 50105, 50126, 50132, 50133, 50144, 50148, 50173, 500112, 501481,
		53003, 54005, 65001, 70000, 70008, 700082, 700084, 700005, 9002313,
	},
	"interaction_required":   {16000, 50074, 50076, 50079, 50158},
	"unauthorized_client":    {50194, 700016, 7000112},
	"invalid_resource":       {50001, 500011},
	"invalid_scope":          {28002, 70011, 1002012},
	"unsupported_grant_type": {70003},
	"login_required":         {50058},
	"access_denied":          {65004, 90094},

	"unsupported_response_type": {700054},
	"server_error":              {50000},

	"temporarily_unavailable": {50033, 90033},
}

func errorCodeOf(number int) string {
	for code, numbers := range errorCodes {
		if slices.Contains(numbers, number) {
			return code
		}
	}
	return "invalid_request"
}
