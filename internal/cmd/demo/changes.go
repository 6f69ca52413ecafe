package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// changeInTarget changes the service account's password in Exchange only.
func changeInTarget(password string) func(*demo) (string, error) {
	return func(d *demo) (string, error) {
		return "In Exchange, the password of the service account is changed.",
			d.exchange.SetPassword(d.exchange.Service().Email, password)
	}
}

// configure changes the password in the configuration.
func configure(comment, password string) func(*demo) (string, error) {
	return func(d *demo) (string, error) {
		return valuesName + ": " + comment, d.setValues(func(v *values) { v.Password = password })
	}
}

// configureFirst sets the password in the configuration back to the one that the connection was created with.
func configureFirst(d *demo) (string, error) {
	return valuesName + ": exchange_password is the first one again.",
		d.setValues(func(v *values) { v.Password = d.firstPassword })
}

// otherUser is another user of the organization.
const otherUser = "somebody@example.com"

// runAsOtherUser is a change that would make another user the service account without notice.
func runAsOtherUser(d *demo) (string, error) {
	return valuesName + ": the app's secret instead of its key. The app runs as " + otherUser + ".", errors.Join(
		d.salesforce.UpdateApp(func(a *salesforce.App) { a.RunAs = otherUser }),
		d.setValues(func(v *values) { v.PrivateKey, v.ClientSecret = "", d.salesforce.App().Secret }),
	)
}

// configureKey sets the key in the configuration again.
func configureKey(d *demo) (string, error) {
	return valuesName + ": the key again instead of the secret.",
		d.setValues(func(v *values) { v.PrivateKey, v.ClientSecret = d.salesforce.App().PrivateKey, "" })
}

// addObject changes the metadata in Salesforce and configures a re-validation.
func addObject(d *demo) (string, error) {
	d.salesforce.AddObject("Riva_Sync__c", "Riva Sync")
	return valuesName + ": revalidation_trigger is new. In Salesforce, an object is added.",
		d.setValues(func(v *values) { v.Trigger = "second" })
}

// rememberRefresh remembers when the metadata of Salesforce was read.
func rememberRefresh(d *demo) (_ string, err error) {
	d.refreshed, err = d.folder.output("metadata_refreshed_at")
	return "", err
}

// sameRefresh verifies that the metadata was not read again, laterRefresh that it was.
func sameRefresh(d *demo) (string, error) { return "", d.refresh(false) }

func laterRefresh(d *demo) (string, error) { return "", d.refresh(true) }

func (d *demo) refresh(again bool) error {
	now, err := d.folder.output("metadata_refreshed_at")
	if err != nil {
		return err
	}
	if (now != d.refreshed) != again {
		return fmt.Errorf("the metadata was read at %s, and before at %s", now, d.refreshed)
	}
	return nil
}

// searchFiles searches the state and the files of the control plane for secrets.
func searchFiles(d *demo) (string, error) {
	files := []string{filepath.Join(d.folder.dir.Path(), "terraform.tfstate")}
	data := filepath.Join(d.folder.dir.Path(), ".riva")
	err := filepath.WalkDir(data, func(file string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files = append(files, file)
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("search the files: %w", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("search the files: %w", err)
		}
		for _, s := range d.secrets() {
			if strings.Contains(string(text), s.text) {
				return "", fmt.Errorf("%s contains a secret: %s", file, s.name)
			}
		}
	}
	return "The demo searched terraform.tfstate and all files in .riva for its secrets: none found.", nil
}
