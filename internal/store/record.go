package store

import (
	"encoding/json"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// faultRecord is the stored form of a fault. It is a type of its own, so that renaming a field of model.Fault does not change
// the database.
type faultRecord struct {
	Code       target.Code   `json:"code"`
	Message    string        `json:"message,omitempty"`
	Help       []string      `json:"help,omitempty"`
	Field      string        `json:"field,omitempty"`
	RetryAfter time.Duration `json:"retry_after_ns,omitempty"`
	Certain    bool          `json:"certain,omitempty"`
	Unclear    bool          `json:"unclear,omitempty"`
}

func asFault(f *model.Fault) (any, error) {
	return asJSON((*faultRecord)(f))
}

// faultColumn reads what asFault wrote.
type faultColumn struct{ into **model.Fault }

func (c faultColumn) Scan(value any) error {
	var record *faultRecord
	err := jsonColumn[faultRecord]{&record}.Scan(value)
	*c.into = (*model.Fault)(record)
	return err
}

// checkRecord is the stored form of one step of a connection test.
type checkRecord struct {
	Name     string        `json:"name"`
	Passed   bool          `json:"passed"`
	Message  string        `json:"message,omitempty"`
	Duration time.Duration `json:"duration_ns"`
}

func asChecks(checks []target.Check) (any, error) {
	records := make([]checkRecord, len(checks))
	for i, c := range checks {
		records[i] = checkRecord(c)
	}
	return asJSON(&records)
}

// checksColumn reads what asChecks wrote.
type checksColumn struct{ into *[]target.Check }

func (c checksColumn) Scan(value any) error {
	text, err := textOf(value)
	if err != nil {
		return err
	}
	var records []checkRecord
	if err := json.Unmarshal([]byte(text), &records); err != nil {
		return err
	}
	*c.into = make([]target.Check, len(records))
	for i, r := range records {
		(*c.into)[i] = target.Check(r)
	}
	return nil
}

func asSettings(s target.Settings) (any, error) {
	if s == nil {
		s = target.Settings{}
	}
	return asJSON(&s)
}

// settingsColumn reads what asSettings wrote.
type settingsColumn struct{ into *target.Settings }

func (c settingsColumn) Scan(value any) error {
	text, err := textOf(value)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), c.into)
}
