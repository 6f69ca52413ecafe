package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/workdir"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// connections is a configuration with many connections. They are not verified: only plans are measured, and a plan does not call
// target systems.
const connections = `
terraform {
  required_providers {
    riva = {
      source = "terraform-provider-riva/riva"
    }
  }
}

variable "size" {
  type = number
}

variable "password" {
  type      = string
  ephemeral = true
}

resource "riva_connection" "measured" {
  count = var.size

  name               = "Connection ${count.index}"
  verify_credentials = false

  exchange {
    ews_url     = "https://mail.example.com/EWS/Exchange.asmx"
    username    = "svc-riva-${count.index}@example.com"
    password_wo = var.password
  }
}
`

// baselineResources is a configuration with as many resources that call no control plane.
const baselineResources = `
variable "size" {
  type = number
}

resource "terraform_data" "measured" {
  count = var.size

  input = {
    name     = "Connection ${count.index}"
    ews_url  = "https://mail.example.com/EWS/Exchange.asmx"
    username = "svc-riva-${count.index}@example.com"
  }
}
`

// subject is one configuration to plan: a working directory whose configuration has been applied, and its environment.
type subject struct {
	name string
	dir  *workdir.Dir
	env  map[string]string
	// served counts the calls of the control plane; nil without a control plane or with an embedded one.
	served *countingServer
}

func newSubject(s settings, name, configuration string, size int) (*subject, error) {
	dir, err := workdir.New(s.terraform, s.provider)
	if err != nil {
		return nil, err
	}
	variables := map[string]string{"TF_VAR_size": strconv.Itoa(size), "TF_VAR_password": "measured-Password!"}
	return &subject{name: name, dir: dir, env: variables}, dir.Write("main.tf", configuration)
}

// prepare applies the configuration, so that plans have no changes.
func (s *subject) prepare(ctx context.Context) error {
	for _, args := range [][]string{{"init"}, {"apply", "-auto-approve"}} {
		if _, err := s.terraform(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

// terraform runs terraform, which must succeed.
func (s *subject) terraform(ctx context.Context, args ...string) (workdir.Result, error) {
	args = append(args, "-no-color", "-input=false")
	result, err := s.dir.Terraform(ctx, io.Discard, s.env, args...)
	if err == nil && result.Status != 0 {
		err = fmt.Errorf("%s: terraform %v exited with status %d:\n%s", s.name, args, result.Status, result.Output)
	}
	return result, err
}

// close releases what the subject uses.
func (s *subject) close() error {
	err := s.dir.Remove()
	if s.served != nil {
		err = errors.Join(s.served.close(), err)
	}
	return err
}

// subjects creates the three subjects that are compared for a size.
func subjects(ctx context.Context, s settings, size int) (all []*subject, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, closeAll(all))
		}
	}()
	baseline, err := newSubject(s, "terraform_data", baselineResources, size)
	if err != nil {
		return nil, err
	}
	all = append(all, baseline)
	local, err := newSubject(s, "embedded", connections, size)
	if err != nil {
		return all, err
	}
	all = append(all, local)
	remote, err := newSubject(s, "over HTTP", connections, size)
	if err != nil {
		return all, err
	}
	all = append(all, remote)
	plane, err := embedded.Open(ctx, embedded.Options{
		DataDir: filepath.Join(remote.dir.Path(), ".riva"), Keyset: filepath.Join(remote.dir.Path(), "keyset.json"),
		Version: "bench", Systems: catalog.All(),
	})
	if err != nil {
		return all, fmt.Errorf("open a control plane to serve: %w", err)
	}
	if remote.served, err = serve(ctx, plane, s.latency); err != nil {
		return all, errors.Join(err, plane.Close())
	}
	remote.env["RIVA_ENDPOINT"] = remote.served.url
	remote.env["RIVA_TOKEN"] = "bench"
	remote.env["RIVA_KEYSET"] = "" // it is an error together with an endpoint
	for _, subject := range all {
		if err := subject.prepare(ctx); err != nil {
			return all, err
		}
	}
	return all, nil
}

func closeAll(all []*subject) error {
	errs := make([]error, 0, len(all))
	for _, s := range all {
		errs = append(errs, s.close())
	}
	return errors.Join(errs...)
}
