package salesforce

import (
	"context"
	"regexp"
	"strconv"
)

// The API versions that are used: from Spring '15, which all of today's organizations have, to Spring '26, the newest one whose
// responses are known here. A newer version is used only after its documentation has been read.
const (
	oldestVersion = 33
	newestVersion = 66
)

const data = "/services/data"

// version is one entry of the list of API versions.
type version struct {
	Label  string `json:"label"`
	Number string `json:"version"`
}

var versionNumber = regexp.MustCompile(`^(\d{2,3})\.0$`)

// number returns the version as a number; 0 for a version that is not used.
func (v version) number() int {
	found := versionNumber.FindStringSubmatch(v.Number)
	if found == nil {
		return 0
	}
	n, err := strconv.Atoi(found[1])
	if err != nil || n < oldestVersion || n > newestVersion {
		return 0
	}
	return n
}

// base returns the path of the API in the version to use. The first call finds the version.
func (s *session) base(ctx context.Context) (string, error) {
	if s.version.number() == 0 {
		var offered []version
		if _, err := s.get(ctx, data, &offered); err != nil {
			return "", err
		}
		for _, v := range offered {
			if v.number() > s.version.number() {
				s.version = v
			}
		}
		if s.version.number() == 0 {
			return "", s.Classifier.UnexpectedResponse("The instance offers no known version of the REST API.")
		}
	}
	return data + "/v" + s.version.Number, nil
}
