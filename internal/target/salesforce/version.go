package salesforce

import (
	"context"
	"regexp"
	"strconv"
)

// The versions of the API that are used: from Spring '15, which all of today's organisations have, to Spring '26, the
// newest whose answers are known here. A newer one is used when it has been read about, not when it appears.
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

// number is the version as a number; 0 for one that is not used.
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

// base is the path of the API in the version to use, which the first call finds.
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
			return "", s.classifier.UnexpectedResponse("The instance offers no version of the REST API that is known here.")
		}
	}
	return data + "/v" + s.version.Number, nil
}
